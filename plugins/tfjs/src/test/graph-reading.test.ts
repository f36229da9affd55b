import { describe, expect, it } from 'vitest';
import { nodeName, typeOf } from '@whittle/core';
import { readTfjsArtifacts } from '../index.js';
import { drawn } from './drawn.fixture.js';
import { flag, GraphBuilder, integer, integers, text, texts } from './graph-builder.fixture.js';
import { graphCases } from './graph-cases.fixture.js';

const caseOf = (name: string) => graphCases().find((each) => each.name === name)!.artifacts;
const opsOf = (name: string) => readTfjsArtifacts(caseOf(name)).nodes.map(({ op }) => op.name);
const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

describe('a graph model', () => {
  it('leaves what is known out of the model', () => {
    expect(opsOf('flatten by shape')).toEqual(['reshape']);
    expect(opsOf('half the extents')).toEqual(['resize_bilinear']);
    expect(opsOf('range of constants')).toEqual(['mul']);
    expect(opsOf('transposed to a computed size')).toEqual(['transpose_conv2d']);
  });

  it('has dilated convolutions as one node', () => {
    expect(opsOf('dilated')).toEqual(['pad', 'depthwise_conv2d', 'add', 'relu', 'slice']);
    const [, conv] = readTfjsArtifacts(caseOf('dilated')).nodes;
    expect(conv.attributes).toMatchObject({ dilations: [2, 2], padding: 'valid' });
  });

  it('has activations fused, and the names of its nodes', () => {
    const { nodes, parameters } = readTfjsArtifacts(caseOf('fused relu6'));
    expect(nodes.map(nodeName)).toEqual(['_FusedConv2D']);
    expect(nodes[0].attributes).toMatchObject({ activation: 'relu6' });
    expect([...parameters.values()].map(({ role, trainable }) => [role, trainable])).toEqual([
      ['weight', true],
      ['bias', true],
    ]);
  });

  it('has activations that TensorFlow fuses, and TensorFlow.js does not run', () => {
    const graph = new GraphBuilder();
    const kernel = graph.constant(drawn('kernel', [3, 3, 2, 4], [-1, 1]));
    const bias = graph.constant(drawn('bias', [4], [-1, 1]));
    const window = { strides: integers(1, 1, 1, 1), padding: text('SAME'), num_args: integer(1) };
    const conv = graph.node('_FusedConv2D', [graph.input([-1, 8, 8, 2]), kernel, bias], {
      ...window,
      fused_ops: texts('BiasAdd', '_FusedHardSwish'),
    });
    const { nodes } = readTfjsArtifacts(graph.artifacts([conv]));
    expect(nodes.map(({ op }) => op.name)).toEqual(['conv2d', 'hard_swish']);
  });

  it('is read for any number of examples, or for one where it mixes them', () => {
    const free = readTfjsArtifacts(caseOf('reshape'));
    expect(typeOf(free, free.inputs[0].id).shape[0]).toBe('batch');
    expect(free.metadata).toEqual({});
    const mixed = readTfjsArtifacts(caseOf('reshape that mixes examples'));
    expect(typeOf(mixed, mixed.inputs[0].id).shape[0]).toBe(1);
    expect(mixed.metadata).toEqual({ 'tfjs/batch': '1' });
    const three = readTfjsArtifacts(caseOf('reshape that mixes examples'), { batch: 3 });
    expect(typeOf(three, three.outputs[0].id).shape).toEqual([216, 4]);
  });

  it('takes shapes that the file leaves open', () => {
    const graph = new GraphBuilder();
    const artifacts = graph.artifacts([graph.node('Relu', [graph.input([-1, -1, -1, 3])])]);
    expect(() => readTfjsArtifacts(artifacts)).toThrow(
      refused('SHAPE_OPEN', "'input_0' [?, ?, ?, 3] (axes 1, 2)"),
    );
    const model = readTfjsArtifacts(artifacts, { shapes: ['batch', 8, 6, 3] });
    expect(typeOf(model, model.outputs[0].id).shape).toEqual(['batch', 8, 6, 3]);
  });

  it('is read up to other nodes where these are told', () => {
    const graph = new GraphBuilder();
    const relu = graph.node('Relu', [graph.input([-1, 4])]);
    const artifacts = graph.artifacts([graph.node('TopKV2', [relu])]);
    expect(() => readTfjsArtifacts(artifacts)).toThrow(refused('OP_UNSUPPORTED', 'TopKV2'));
    expect(readTfjsArtifacts(artifacts, { outputs: ['Relu'] }).outputs).toEqual([{ id: 'Relu' }]);
  });

  it('without a signature begins with placeholders and ends with what nothing reads', () => {
    const graph = new GraphBuilder();
    const [a, b] = [graph.input([-1, 4]), graph.input([-1, 4])];
    graph.node('Add', [a, b]);
    const { signature: _, ...artifacts } = graph.artifacts([graph.node('Mul', [a, b])]);
    const model = readTfjsArtifacts(artifacts);
    expect(model.inputs.map(({ id }) => id)).toEqual([a, b]);
    expect(model.outputs.map(({ id }) => id)).toEqual(['Add', 'Mul']);
  });

  it('calls inputs and outputs what its signature does', () => {
    const graph = new GraphBuilder();
    const relu = graph.node('Relu', [graph.input([-1, -1])]);
    const artifacts = graph.artifacts([graph.node('Neg', [relu]), relu]);
    const signature = {
      inputs: { audio: { name: 'input_0:0' } },
      outputs: { contour: { name: 'Neg:0' }, 'Relu:0': { name: 'Relu:0' } },
    };
    const model = readTfjsArtifacts({ ...artifacts, signature }, { shapes: new Map([['audio', [1, 4]]]) });
    expect(model.inputs).toEqual([{ id: 'input_0', name: 'audio' }]);
    expect(model.outputs).toEqual([
      { id: 'Neg', name: 'contour' },
      { id: 'Relu', name: 'Relu:0' },
    ]);
  });

  it('names nodes that it can not read before it asks for shapes', () => {
    const graph = new GraphBuilder();
    const artifacts = graph.artifacts([graph.node('Acosh', [graph.input([-1, -1])], {}, 'aa')]);
    expect(() => readTfjsArtifacts(artifacts)).toThrow(
      refused('OP_UNSUPPORTED', "TensorFlow.js: 1 node can't be read: aa: no op for Acosh"),
    );
  });

  it('names all nodes that it can not read, at once', () => {
    const graph = new GraphBuilder();
    const x = graph.input([-1, 8, 8, 2]);
    const first = graph.node('Dilation2D', [x], {}, 'first');
    const behind = graph.node('Relu', [first]);
    const kernel = graph.constant(drawn('kernel', [3, 3, 2, 2], [-1, 1]));
    const channelsFirst = { strides: integers(1, 1, 1, 1), padding: text('SAME'), data_format: text('NCHW') };
    const second = graph.node('Conv2D', [x, kernel], channelsFirst, 'second');
    const third = graph.node('TopKV2', [graph.node('Add', [behind, second])], { k: integer(1) }, 'third');
    const fourth = graph.node('Mean', [x, graph.node('ArgMax', [x, x])], { keep_dims: flag(true) }, 'fourth');
    try {
      readTfjsArtifacts(graph.artifacts([third, fourth]));
      expect.unreachable();
    } catch (error) {
      const { code, problems } = error as { code: string; problems: readonly { node: string }[] };
      expect(code).toBe('OP_UNSUPPORTED');
      expect(problems.map(({ node }) => node)).toEqual(['first', 'second', 'third', 'ArgMax']);
    }
  });

  it('with a loop is refused by its nodes', () => {
    const graph = new GraphBuilder();
    const x = graph.input([-1, 4]);
    graph.node('Merge', [x, 'next'], {}, 'merge');
    graph.node('NextIteration', ['merge'], {}, 'next');
    expect(() => readTfjsArtifacts(graph.artifacts(['merge']))).toThrow(refused('OP_UNSUPPORTED', '2 nodes'));
  });
});
