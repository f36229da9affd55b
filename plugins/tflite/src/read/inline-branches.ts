import { builtinOperatorOf, constantOf, operatorCode, optionsTypeOf, schema } from '@whittle/tflite-schema';
import type { OperatorT, SubGraphT, TensorT, TfliteModel } from '@whittle/tflite-schema';
import { BranchTensors } from './branch-tensors.js';
import { invalid, unreadable } from './operator-view.js';

const { ASSIGN_VARIABLE, CALL_ONCE, IF, RESHAPE, SELECT_V2 } = schema.BuiltinOperator;

/** Branches within branches; more are taken for damage. */
const deepest = 64;

/** Operators and tensors that branches may come to beyond those of the file: a subgraph may be the branch of many. */
const spare = 1 << 14;

/** A file without branches, and the IFs that had to stay. */
export interface InlinedFile {
  readonly file: TfliteModel;
  /** Why. */
  readonly refused: ReadonlyMap<OperatorT, string>;
}

/** The operators of a subgraph, and which tensors of the first one theirs are. */
interface Place {
  readonly subgraph: SubGraphT;
  readonly tensors: BranchTensors;
  /** The subgraphs around this one, itself included. */
  readonly around: readonly number[];
  /** Whether it runs in every inference. */
  readonly certain: boolean;
}

/**
 * The file with the subgraphs that IF names in place of the operator: both of them, and a choice between their results, by
 * SELECT_V2. Where the condition is a constant it is the one that is taken. An inference of such a file has one condition, so
 * its batch isn't free. What can't be written so stays, with the reason: branches that change variables, and those that contain
 * themselves. Operators of a branch that isn't taken are computed too: one that fails, such as a GATHER beyond its table, does.
 * @throws FORMAT_INVALID where IF contradicts its subgraphs; OP_UNSUPPORTED where branches come to too much
 */
export function inlineBranches(file: TfliteModel): InlinedFile {
  const kinds = file.operatorCodes.map(builtinOperatorOf);
  if (!file.subgraphs[0]?.operators.some(({ opcodeIndex }) => kinds[opcodeIndex] === IF))
    return { file, refused: new Map() };
  return new BranchInliner(file).inline();
}

class BranchInliner {
  readonly #file: TfliteModel;
  readonly #codes: schema.OperatorCodeT[];
  readonly #tensors: TensorT[];
  readonly #operators: OperatorT[] = [];
  readonly #refused = new Map<OperatorT, string>();
  readonly #limit: number;
  /** By subgraph and tensor: a constant is there once, however often its branch is. */
  readonly #constants = new Map<string, number>();
  #hasChoice = false;

  constructor(file: TfliteModel) {
    this.#file = file;
    this.#codes = [...file.operatorCodes];
    this.#tensors = [...file.subgraphs[0].tensors];
    const size = file.subgraphs.reduce((sum, each) => sum + each.tensors.length + each.operators.length, 0);
    this.#limit = size + spare;
  }

  inline(): InlinedFile {
    const [main, ...others] = this.#file.subgraphs;
    const tensors = new BranchTensors(main, (index) => index);
    this.#expand({ subgraph: main, tensors, around: [0], certain: true });
    const outputs = main.outputs.map((index) => tensors.of(index));
    // Where two examples of a batch may go two ways, there is one example.
    const all = this.#hasChoice ? this.#tensors.map(withoutFreeBatch) : this.#tensors;
    const whole = Object.assign(new schema.SubGraphT(), main, {
      tensors: all,
      outputs,
      operators: this.#operators,
    });
    const file = { ...this.#file, operatorCodes: this.#codes, subgraphs: [whole, ...others] };
    return { file, refused: this.#refused };
  }

  #expand(place: Place): void {
    for (const operator of place.subgraph.operators) {
      const map = (index: number) => (index < 0 ? index : place.tensors.of(index));
      const own = Object.assign(new schema.OperatorT(), operator, {
        inputs: operator.inputs.map(map),
        outputs: operator.outputs.map(map),
        intermediates: operator.intermediates.map(map),
      });
      if (this.#kindOf(operator) === IF) this.#branch(own, operator, place);
      else this.#operators.push(own);
    }
  }

  /** An IF, whose tensors are those of the first subgraph; `original` has those of its own. */
  #branch(o: OperatorT, original: OperatorT, place: Place): void {
    const { builtinOptions: options } = o;
    if (!(options instanceof schema.IfOptionsT)) throw invalid(named, 'found no options, expected IfOptions');
    const [condition, ...args] = o.inputs;
    const subgraphs = [options.thenSubgraphIndex, options.elseSubgraphIndex];
    for (const index of subgraphs) this.#checkCall(index, args.length, o.outputs.length);
    const type = this.#tensors[condition] as TensorT | undefined;
    if (type?.type !== schema.TensorType.BOOL) throw invalid(named, 'the condition is no truth value');
    const known = constantOf(this.#file, type);
    if (known && known.data.length !== 1)
      throw invalid(named, `a condition of ${known.data.length} elements, expected 1`);
    const taken = known ? [subgraphs[known.data[0] ? 0 : 1]] : subgraphs;
    const reason = this.#reasonAgainst(taken, args, place, known !== undefined);
    if (reason !== undefined) {
      this.#refused.set(o, reason);
      this.#operators.push(o);
      return;
    }
    this.#claim(taken.map((index) => this.#file.subgraphs[index]));
    const results = taken.map((index) => this.#enter(index, args, place, known && o.outputs));
    o.outputs.forEach((output, i) => {
      const [a, b = a] = results.map((each) => each[i]);
      if (a === b) place.tensors.set(original.outputs[i], a);
      else this.#choose(condition, a, b, output);
    });
  }

  /** Adds a branch's operators; `outputs`: the tensors that its results become, where it is always taken. Returns its results. */
  #enter(index: number, args: readonly number[], place: Place, outputs?: readonly number[]): number[] {
    const subgraph = this.#file.subgraphs[index];
    const tensors = new BranchTensors(subgraph, (tensor, isConstant) => {
      const key = `${index} ${tensor}`;
      const shared = isConstant ? this.#constants.get(key) : undefined;
      const copy = shared ?? this.#tensors.push(subgraph.tensors[tensor]) - 1;
      if (isConstant) this.#constants.set(key, copy);
      return copy;
    });
    subgraph.inputs.forEach((tensor, i) => tensors.set(tensor, args[i]));
    outputs?.forEach((output, i) => tensors.nameResult(subgraph.outputs[i], output));
    this.#expand({
      subgraph,
      tensors,
      around: [...place.around, index],
      certain: place.certain && outputs !== undefined,
    });
    return subgraph.outputs.map((tensor) => tensors.of(tensor));
  }

  #choose(condition: number, a: number, b: number, output: number): void {
    this.#hasChoice = true;
    const scalar = this.#tensors[condition].shape.length === 0 ? condition : this.#asScalar(condition);
    this.#add(SELECT_V2, new schema.SelectV2OptionsT(), [scalar, a, b], output);
  }

  /** A truth value of some axes without these, so that it broadcasts to anything. */
  #asScalar(condition: number): number {
    const { name } = this.#tensors[condition];
    const scalar = this.#tensors.push(new schema.TensorT([], schema.TensorType.BOOL, 0, name)) - 1;
    this.#add(RESHAPE, new schema.ReshapeOptionsT(), [condition], scalar);
    return scalar;
  }

  #add(
    kind: schema.BuiltinOperator,
    options: NonNullable<OperatorT['builtinOptions']>,
    inputs: number[],
    output: number,
  ): void {
    const known = this.#codes.findIndex((code) => builtinOperatorOf(code) === kind);
    const code = known >= 0 ? known : this.#codes.push(operatorCode(kind)) - 1;
    this.#operators.push(new schema.OperatorT(code, inputs, [output], optionsTypeOf(options), options));
  }

  #checkCall(index: number, inputs: number, outputs: number): void {
    const subgraph = index > 0 ? (this.#file.subgraphs[index] as SubGraphT | undefined) : undefined;
    if (!subgraph) throw invalid(named, `branch ${index}, expected 1 to ${this.#file.subgraphs.length - 1}`);
    if (subgraph.inputs.length !== inputs || subgraph.outputs.length !== outputs)
      throw invalid(
        named,
        `${inputs} operands and ${outputs} results, but branch ${index} has ${subgraph.inputs.length} and ${subgraph.outputs.length}`,
      );
  }

  /** @throws OP_UNSUPPORTED where branches would come to more than a file of this size is to mean */
  #claim(subgraphs: readonly SubGraphT[]): void {
    const added = subgraphs.reduce((sum, each) => sum + each.operators.length + each.tensors.length, 0);
    if (this.#operators.length + this.#tensors.length + added > this.#limit)
      throw unreadable(
        named,
        `branches of more than ${this.#limit} operators and tensors, when each is written out`,
      );
  }

  /** Why branches can't be written out; nothing where they can. */
  #reasonAgainst(
    taken: readonly number[],
    args: readonly number[],
    { around, certain }: Place,
    isKnown: boolean,
  ): string | undefined {
    const cycle = taken.find((index) => around.includes(index));
    if (cycle !== undefined) return `an IF whose branch ${cycle} contains itself`;
    if (around.length > deepest) return `more than ${deepest} branches within one another`;
    if (certain && isKnown) return undefined;
    const changing = taken.find((index) => this.#changesVariables(this.#file.subgraphs[index]));
    const handed = args.find((index) => this.#tensors[index]?.isVariable);
    return changing !== undefined || handed !== undefined
      ? `branch ${changing ?? taken[0]} changes variables, which only one that is always taken may`
      : undefined;
  }

  #changesVariables({ operators, tensors }: SubGraphT): boolean {
    const changes = operators.some((each) => [ASSIGN_VARIABLE, CALL_ONCE].includes(this.#kindOf(each)));
    return changes || tensors.some((tensor) => tensor.isVariable);
  }

  #kindOf({ opcodeIndex }: OperatorT): schema.BuiltinOperator {
    return builtinOperatorOf(this.#file.operatorCodes[opcodeIndex]);
  }
}

const named = { name: 'IF' };

function withoutFreeBatch(tensor: TensorT): TensorT {
  if (tensor.shapeSignature.length === 0) return tensor;
  return Object.assign(new schema.TensorT(), tensor, { shapeSignature: [] });
}
