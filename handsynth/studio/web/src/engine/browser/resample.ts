/** Pictures of numbers, enlarged and turned as Pillow does it, so that ink falls on the same pixels. */

export interface Grid {
  width: number;
  height: number;
  /** Rows, of 32-bit floats. */
  data: Float32Array;
}

/** `up` times as large, with the cubic kernel (a = -1/2) of Pillow's `resize`: across, then down. */
export function enlarged(grid: Grid, up: number): Grid {
  const { width, height, data } = grid;
  const [wide, high] = [width * up, height * up];
  const across = kernels(width, up);
  const between = new Float32Array(wide * height);
  for (let x = 0; x < wide; x++) {
    const { first, weights } = across[x];
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let i = 0, at = y * width + first; i < weights.length; i++, at++) sum += data[at] * weights[i];
      between[y * wide + x] = sum;
    }
  }
  const result = new Float32Array(wide * high);
  const down = kernels(height, up);
  for (let y = 0; y < high; y++) {
    const { first, weights } = down[y];
    for (let x = 0; x < wide; x++) {
      let sum = 0;
      for (let i = 0, at = first * wide + x; i < weights.length; i++, at += wide) sum += between[at] * weights[i];
      result[y * wide + x] = sum;
    }
  }
  return { width: wide, height: high, data: result };
}

interface Kernel {
  first: number;
  weights: number[];
}

/** For each sample of the larger line, the samples of the smaller that make it, and how much of each. */
function kernels(size: number, up: number): Kernel[] {
  return Array.from({ length: size * up }, (_, to) => {
    const centre = (to + 0.5) / up;
    const first = Math.max(0, Math.trunc(centre - 2 + 0.5));
    const last = Math.min(size, Math.trunc(centre + 2 + 0.5));
    const weights = Array.from({ length: last - first }, (_, i) => cubic(first + i - centre + 0.5));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

function cubic(x: number): number {
  const away = Math.abs(x);
  if (away < 1) return (1.5 * away - 2.5) * away * away + 1;
  return away < 2 ? ((-0.5 * away + 2.5) * away - 4) * away + 2 : 0;
}

/** A grid as it appears through the affine map `at`: (x0, xx, xy, y0, yx, yy) from new pixels to old ones. */
export type Affine = [number, number, number, number, number, number];

/** `grid` seen through `at`, bilinear, in `width` x `height` pixels; `outside` where there is nothing. */
export function warped(grid: Grid, at: Affine, width: number, height: number, outside: number): Grid {
  const { width: w, height: h, data } = grid;
  const [x0, xx, xy, y0, yx, yy] = at;
  const result = new Float32Array(width * height).fill(outside);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let x = x0 + xx * (column + 0.5) + xy * (row + 0.5);
      let y = y0 + yx * (column + 0.5) + yy * (row + 0.5);
      if (x < 0 || x >= w || y < 0 || y >= h) continue;
      x -= 0.5;
      y -= 0.5;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [dx, dy] = [x - left, y - top];
      const [a, b] = [Math.max(left, 0), Math.min(left + 1, w - 1)];
      const upper = Math.max(top, 0) * w;
      const lower = Math.min(top + 1, h - 1) * w;
      const one = data[upper + a] + (data[upper + b] - data[upper + a]) * dx;
      const other = data[lower + a] + (data[lower + b] - data[lower + a]) * dx;
      result[row * width + column] = one + (other - one) * dy;
    }
  }
  return { width, height, data: result };
}

/** Means of blocks of `by` x `by`. */
export function reduced(grid: Grid, by: number): Grid {
  const [width, height] = [grid.width / by, grid.height / by];
  const result = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let y = 0; y < by; y++) {
        const at = (row * by + y) * grid.width + column * by;
        for (let x = 0; x < by; x++) sum += grid.data[at + x];
      }
      result[row * width + column] = sum / (by * by);
    }
  }
  return { width, height, data: result };
}
