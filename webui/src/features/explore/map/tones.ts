import type { Tone } from "./colouring";

/** Find what colours are on the screen, as red, green and blue, in the page's present appearance. */
export function tonesOf(colors: readonly string[]): Tone[] {
  const probe = document.createElement("span");
  document.body.append(probe);
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  try {
    return colors.map((color): Tone => {
      probe.style.color = color;
      if (context === null) return [0, 0, 0];
      // The canvas reads any notation that the browser computes, and has no variables of its own.
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = getComputedStyle(probe).color;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
      return [red, green, blue];
    });
  } finally {
    probe.remove();
  }
}
