import { describe, expect, it } from 'vitest';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { dequantize, quantize } from './quantize.js';

describe('quantize and dequantize', () => {
  it('change the type and tie every axis', () => {
    const down = singleNodeModel(quantize, { dtype: 'int8' }, [{ shape: ['batch', 3] }]);
    expect(down.values.get('y')).toEqual({ dtype: 'int8', shape: ['batch', 3] });
    const up = singleNodeModel(dequantize, {}, [{ dtype: 'uint8', shape: ['batch', 3] }]);
    expect(up.values.get('y')).toEqual({ dtype: 'float32', shape: ['batch', 3] });
    expect(quantize.channels(viewNode(down, down.nodes[0]) as never).ties).toHaveLength(2);
  });

  it('are the identity in float evaluation', () => {
    const x = float32([2], [0.1, -7.3]);
    expect(interpret(singleNodeModel(quantize, { dtype: 'int8' }, [x]), new Map()).get('y')).toEqual(x);
  });

  it('refuse to dequantize floats, and to quantize to floats', () => {
    expect(() => singleNodeModel(dequantize, {}, [{ shape: ['batch'] }])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    expect(() => singleNodeModel(quantize, { dtype: 'float32' as 'int8' }, [{ shape: ['batch'] }])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
