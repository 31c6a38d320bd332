/** Waiting for the next frame, where there are frames. */

/** Runs a function before the next frame is painted; without a window (in tests) soon. */
export const nextFrame: (run: () => void) => void =
  'requestAnimationFrame' in globalThis ? (run) => void requestAnimationFrame(run) : (run) => void setTimeout(run);
