/** What the ziggurat needs: 32 random bits, and uniform numbers in [0, 1). */
export interface BitSource {
  bits(): number;
  float(): number;
}

const layers = 128;
/** Where the tail begins, and the area of a layer: those that make 128 layers of equal area. */
const tail = 3.442619855899;
const area = 9.91256303526217e-3;
/** Magnitudes have 24 bits: as many as a float32 holds. */
const steps = 2 ** 24;

const inside = new Int32Array(layers);
const width = new Float64Array(layers);
const height = new Float64Array(layers);

const density = (x: number) => Math.exp(-0.5 * x * x);

function makeLayers(): void {
  const base = area / density(tail);
  inside[0] = (tail / base) * steps;
  width[0] = base / steps;
  height[0] = 1;
  width[layers - 1] = tail / steps;
  height[layers - 1] = density(tail);
  let outer = tail;
  for (let i = layers - 2; i >= 1; i--) {
    const x = Math.sqrt(-2 * Math.log(area / outer + density(outer)));
    inside[i + 1] = (x / outer) * steps;
    width[i] = x / steps;
    height[i] = density(x);
    outer = x;
  }
}

makeLayers();

/**
 * Fills `data` with normal draws of mean 0, by Marsaglia and Tsang's ziggurat (2000): 7 bits choose a layer, one the sign,
 * 24 others the magnitude, so that these don't depend on each other (Doornik 2005).
 */
export function fillNormal(data: Float32Array, deviation: number, source: BitSource): void {
  for (let i = 0; i < data.length; i++) {
    for (;;) {
      const bits = source.bits();
      const layer = bits & (layers - 1);
      const magnitude = bits >>> 8;
      let x = magnitude * width[layer];
      if (magnitude >= inside[layer]) {
        if (layer === 0) x = tailDraw(source);
        else if (height[layer] + source.float() * (height[layer - 1] - height[layer]) >= density(x)) continue;
      }
      // A branch on the sign would be mispredicted half of the time.
      data[i] = deviation * x * (1 - ((bits & layers) >> 6));
      break;
    }
  }
}

/** A draw beyond the last layer (Marsaglia 1964). */
function tailDraw(source: BitSource): number {
  for (;;) {
    const x = -Math.log(1 - source.float()) / tail;
    const y = -Math.log(1 - source.float());
    if (y + y >= x * x) return tail + x;
  }
}
