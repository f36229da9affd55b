import { attributesOf, isOp, lstm, lstmGeometry, lstmOperands, patch, slice, viewNode } from '@whittle/core';
import type { Id, LstmAttributes, Model, ModelEditor, Node, NodeView } from '@whittle/core';

/** A model that also computes what some of its values were at earlier steps. */
export interface UnrolledModel {
  readonly model: Model;
  /** Further outputs, by the id of the value that they are earlier forms of. */
  readonly earlier: ReadonlyMap<Id, readonly Id[]>;
}

/**
 * Adds a node for every step but the last of layers that take sequences, whose cell states in between no value holds. The same
 * model comes back where there are none.
 */
export function unrollSteps(model: Model): UnrolledModel {
  const earlier = new Map<Id, readonly Id[]>();
  const unrolled = patch(model, (edit) => {
    for (const node of model.nodes)
      if (isOp(node, lstm)) {
        const cells = addSteps(edit, node, viewNode(model, node) as NodeView<LstmAttributes>);
        if (cells.length > 0) earlier.set(node.outputs[2], cells);
      }
    const cells = [...earlier.values()].flat();
    if (cells.length > 0) edit.setOutputs([...model.outputs, ...cells.map((id) => ({ id }))]);
  });
  return { model: unrolled, earlier };
}

function addSteps(edit: ModelEditor, node: Node, view: NodeView<LstmAttributes>): Id[] {
  const attributes = attributesOf(node, lstm);
  const axis = attributes.timeMajor ? 0 : 1;
  const [input, ...others] = node.inputs;
  const weights = others.slice(0, lstmOperands.hidden - 1);
  let states = [node.inputs[lstmOperands.hidden], node.inputs[lstmOperands.cell]];
  const cells: Id[] = [];
  for (let start = 0; start < lstmGeometry(view).steps - 1; start++) {
    const name = (what: string) => edit.freshId(`${node.outputs[0]}/step${start}/${what}`);
    const ranges = [{ axis, start, size: 1, step: 1 }];
    const [x] = edit.addNode(slice, { ranges }, [input], { outputs: [name('input')] });
    [, ...states] = edit.addNode(lstm, attributes, [x, ...weights, ...states], {
      outputs: ['output', 'hidden', 'cell'].map(name),
    });
    cells.push(states[1]);
  }
  return cells;
}
