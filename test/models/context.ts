import { defaultRegistry } from '@whittle/cli';
import { runtimeContext } from '@whittle/testkit';

/** Everything that is shipped, to read and run real models with. */
export const registry = defaultRegistry();
export const context = runtimeContext(registry);
