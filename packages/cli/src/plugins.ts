import { createRegistry, definePlugin } from '@whittle/core';
import type { Plugin, Registry } from '@whittle/core';
import { int8Plugin } from '@whittle/int8';
import { kerasPlugin } from '@whittle/keras';
import { mcu } from '@whittle/mcu';
import { onnxPlugin } from '@whittle/onnx';
import { floatRuntime, judgesPlugin } from '@whittle/testkit';
import { tfjsPlugin } from '@whittle/tfjs';
import { tflitePlugin } from '@whittle/tflite';
import { whittleFormat } from './whittle-format.js';

const float: Plugin = definePlugin({ name: 'float', runtimes: [floatRuntime] });

/** The plugins whose formats, targets and runtimes the commands know. */
export const defaultPlugins: readonly Plugin[] = [
  whittleFormat,
  float,
  int8Plugin,
  judgesPlugin,
  tflitePlugin,
  kerasPlugin,
  onnxPlugin,
  tfjsPlugin,
  mcu,
];

/** The default plugins, put together. */
export function defaultRegistry(): Registry {
  return createRegistry(defaultPlugins);
}
