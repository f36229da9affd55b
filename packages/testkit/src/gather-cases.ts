import type { Id, Model, Node, RunCase } from '@whittle/core';
import type { Suite, SuiteCase } from './suite.js';

/**
 * The exact cases of many suites as one suite of few models, each with the models of up to `perModel` cases side by side:
 * every node is computed as it was alone, in a fraction of the programs that are built for it. A value's id begins with the
 * case that it came from.
 */
export function gatherCases(suites: readonly Suite[], perModel: number): Suite {
  return {
    name: 'gathered',
    cases() {
      const byInferences = new Map<number, [string, SuiteCase][]>();
      for (const suite of suites)
        for (const each of suite.cases()) {
          if (each.tolerance !== 'exact') continue;
          const alike = byInferences.get(each.inputs.length) ?? [];
          byInferences.set(each.inputs.length, alike);
          alike.push([`${suite.name} ${each.name}`, each]);
        }
      return [...byInferences].flatMap(([inferences, cases]) =>
        Array.from({ length: Math.ceil(cases.length / perModel) }, (_, i): SuiteCase => {
          const part = cases.slice(i * perModel, (i + 1) * perModel);
          const name = `${part[0][0]} to ${part[part.length - 1][0]}, ${inferences} inferences`;
          return { name, ...sideBySide(part), tolerance: 'exact' };
        }),
      );
    },
  };
}

/** One model of all that the cases compute, with the inputs of all; they have as many inferences each. */
function sideBySide(cases: readonly (readonly [name: string, RunCase])[]): RunCase {
  const models = cases.map(([name, { model }]) => renamed(model, name));
  const model: Model = {
    name: 'gathered',
    inputs: models.flatMap(({ inputs }) => inputs),
    outputs: models.flatMap(({ outputs }) => outputs),
    nodes: models.flatMap(({ nodes }) => nodes),
    parameters: new Map(models.flatMap(({ parameters }) => [...parameters])),
    values: new Map(models.flatMap(({ values }) => [...values])),
    states: models.flatMap(({ states }) => states),
    metadata: {},
  };
  const [[, first]] = cases;
  const inputs = first.inputs.map((_, inference) => cases.flatMap(([, { inputs: own }]) => own[inference]));
  return { model, inputs };
}

/** The model with a prefix to all ids. */
function renamed(model: Model, prefix: string): Model {
  const rename = (id: Id) => `${prefix}/${id}`;
  const renameEach = <T extends { readonly id: Id }>(each: T): T => ({ ...each, id: rename(each.id) });
  return {
    ...model,
    inputs: model.inputs.map(renameEach),
    outputs: model.outputs.map(renameEach),
    nodes: model.nodes.map((node): Node => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    parameters: new Map(
      [...model.parameters].map(([id, parameter]) => [rename(id), renameEach(parameter)] as const),
    ),
    values: new Map([...model.values].map(([id, type]) => [rename(id), type] as const)),
    states: model.states.map((state) => ({ ...state, in: rename(state.in), out: rename(state.out) })),
  };
}
