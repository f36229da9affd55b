import {
  conv2d,
  createRandom,
  dense,
  flatten,
  float32,
  ModelBuilder,
  relu,
  runPipeline,
  sizeOf,
  softmax,
  tensor,
} from '@whittle/core';
import type { BatchSource, Id, Model, ParameterRole } from '@whittle/core';
import { afterEach, describe, expect, test } from 'vitest';
import { constant, fit, loadTensorFlow, sgd, tensorFlowUnavailable } from '@whittle/train';
import type { FitOptions, StepScope, Term } from '@whittle/train';
import { attentionHint, distillation, fineTune, hint, softTargets } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** [4, 4, 1] to 3 classes, with `filters` channels between. */
function network(name: string, filters: number, seed: string, beta = 1): Model {
  const builder = new ModelBuilder(name);
  const parameter = (id: string, role: ParameterRole, shape: readonly number[]) => {
    const stream = createRandom(3).at(`${seed} ${id}`);
    return builder.parameter(
      id,
      float32(
        shape,
        Float32Array.from({ length: sizeOf(shape) }, () => 0.7 * stream.normal()),
      ),
      role,
    );
  };
  const x = builder.input('x', ['batch', 4, 4, 1]);
  const features = builder.node('features', relu, {}, [
    builder.node(
      'conv',
      conv2d,
      { strides: [1, 1], padding: 'same', dilations: [1, 1], activation: 'none', groups: 1 },
      [x, parameter('conv/weight', 'weight', [3, 3, 1, filters])],
    ),
  ]);
  const logits: Id = builder.node('logits', dense, { activation: 'none' }, [
    builder.node('flat', flatten, {}, [features]),
    parameter('logits/weight', 'weight', [16 * filters, 3]),
  ]);
  builder.output(builder.node('y', softmax, { beta }, [logits]));
  return builder.finish();
}

const data: BatchSource = {
  examples: 320,
  count: 20,
  *batches({ random, epoch }) {
    for (let step = 0; step < 20; step++) {
      const stream = random.at('data', epoch, step);
      const images = Float32Array.from({ length: 16 * 16 }, () => stream.normal());
      yield {
        inputs: [float32([16, 4, 4, 1], images)],
        labels: tensor(
          'int32',
          [16],
          Int32Array.from({ length: 16 }, () => stream.int(3)),
        ),
      };
    }
  },
};

const teacher = network('teacher', 6, 'teacher');

function distil(terms: readonly Term[], student: Model, rest: Partial<FitOptions> = {}) {
  return fit({
    models: { student },
    updates: [{ optimizer: sgd(), learningRate: constant(0.01), terms }],
    data,
    epochs: 6,
    random: createRandom(1),
    ...rest,
  });
}

describe.skipIf(missing)(`distillation ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  /** Runs a term on logits that are given, in place of models that compute them. */
  function lossOf(term: Term, teacherLogits: number[][], studentLogits: number[][]) {
    let loss = 0;
    let gradient: number[] = [];
    tf.tidy(() => {
      const student = tf.tensor2d(studentLogits);
      const logits = { outputs: [], value: () => student };
      const scope = {
        tf,
        forward: (model?: unknown) =>
          model === teacher
            ? { ...logits, logits: () => tf.tensor2d(teacherLogits) }
            : { ...logits, logits: () => student },
      } as unknown as StepScope;
      const { value, grads } = tf.engine().gradients(() => term.loss(scope), [student]);
      loss = value.dataSync()[0];
      gradient = [...grads[0].dataSync()];
    });
    return { loss, gradient };
  }

  test.each([1, 4])('soft targets are T^2 KL with its gradient, T = %d', (temperature) => {
    const [z, s] = [
      [2, -1, 0.5],
      [-1, 0, 3],
    ];
    const soft = (logits: number[]) => {
      const powers = logits.map((v) => Math.exp(v / temperature));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((p) => p / sum);
    };
    const [p, q] = [soft(z), soft(s)];
    const kl = p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]), 0);
    const { loss, gradient } = lossOf(softTargets({ teacher, temperature }), [z], [s]);
    expect(loss).toBeCloseTo(temperature ** 2 * kl, 4);
    gradient.forEach((g, i) => expect(g).toBeCloseTo(temperature * (q[i] - p[i]), 4));
    expect(lossOf(softTargets({ teacher, temperature }), [z], [z]).loss).toBeCloseTo(0, 4);
  });

  test('soft targets bring a student close to its teacher, which stays as it is', async () => {
    const before = JSON.stringify(
      [...teacher.parameters.values()].map((p) => [...(p.tensor.data as Float32Array)]),
    );
    const { history } = await distil(
      [softTargets({ teacher, temperature: 2 })],
      network('student', 3, 'student'),
    );
    expect(history[5].losses['soft-targets']).toBeLessThan(0.25 * history[0].losses['soft-targets']);
    expect(
      JSON.stringify([...teacher.parameters.values()].map((p) => [...(p.tensor.data as Float32Array)])),
    ).toBe(before);
  });

  test("the softmax's beta belongs to the logits", async () => {
    const student = network('student', 6, 'teacher', 2);
    const lossFrom = async (beta: number) => {
      const terms = [softTargets({ teacher: network('teacher', 6, 'teacher', beta) })];
      return (await distil(terms, student, { epochs: 1 })).history[0].losses['soft-targets'];
    };
    expect(await lossFrom(2)).toBeLessThan(1e-5);
    expect(await lossFrom(1)).toBeGreaterThan(0.01);
  });

  test('hints and attention guide values between', async () => {
    const same = network('student', 6, 'student');
    const guided = await distil([hint({ teacher, teacherValue: 'features', weight: 10 })], same);
    expect(guided.history[5].losses['hint features']).toBeLessThan(
      0.3 * guided.history[0].losses['hint features'],
    );
    const narrow = network('student', 2, 'student');
    const attentive = await distil(
      [attentionHint({ teacher, teacherValue: 'features', weight: 10 })],
      narrow,
    );
    const name = 'attention-hint features';
    expect(attentive.history[5].losses[name]).toBeLessThan(0.9 * attentive.history[0].losses[name]);
  });

  test('what does not fit is said', async () => {
    expect(() => softTargets({ teacher, temperature: 0 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
    expect(() => hint({ teacher, teacherValue: 'nothing' })).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }),
    );
    const narrow = network('student', 2, 'student');
    await expect(distil([hint({ teacher, teacherValue: 'features' })], narrow)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringMatching(
        /\[16, 4, 4, 2\] in the student and \[16, 4, 4, 6\] in the teacher/,
      ) as string,
    });
  });

  test('the pass mixes labels and soft targets, and reports its history', async () => {
    const student = network('student', 3, 'student');
    const options = { data, epochs: 2, optimizer: sgd(), learningRate: 0.01, teacher };
    const { model, passes } = await runPipeline(student, [fineTune({ ...options, softWeight: 0.75 })], {
      plugins: [distillation],
    });
    expect(model).not.toBe(student);
    const [{ losses }] = passes[0].report!.history as { losses: Record<string, number> }[];
    expect(losses.loss).toBeCloseTo(0.25 * losses['cross-entropy'] + 0.75 * losses['soft-targets'], 4);
    const soft = await runPipeline(student, [fineTune({ ...options, softWeight: 1 })]);
    const [only] = soft.passes[0].report!.history as { losses: Record<string, number> }[];
    expect(Object.keys(only.losses)).toEqual(['soft-targets', 'loss']);
  });
});

test('options of the pass are checked when it is made', () => {
  const options = { data, epochs: 2, optimizer: sgd(), learningRate: 0.01, teacher };
  const invalid = (rest: object) =>
    expect(() => fineTune({ ...options, ...rest } as never)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  invalid({ softWeight: 1.5 });
  invalid({ temperature: -1 });
  invalid({ teacher: 'model.safetensors' });
});
