import { defaultRegistry } from '@whittle/cli';
import { runtimeContext } from '@whittle/testkit';

export const registry = defaultRegistry();
export const context = runtimeContext(registry);
