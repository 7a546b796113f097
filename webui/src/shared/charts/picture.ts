/** What of the page's style a drawing needs to look the same elsewhere. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "paint-order",
] as const;

const MARGIN = 16;
/** Pixels of a picture for each of the page, so that it can be printed. */
const SHARPNESS = 3;

/** Write a drawing of the page as an SVG file, with its colours and fonts inside it. */
export function svgFile(drawing: SVGSVGElement): { text: string; width: number; height: number } {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, at) => {
    const target = to[at];
    if (target === undefined) return;
    const [own, above] = [element, at === 0 ? null : element.parentElement].map((each) =>
      each === null ? null : getComputedStyle(each),
    );
    const kept = STYLES.flatMap((name) => {
      const value = own?.getPropertyValue(name) ?? "";
      // What comes from above need not be said again; opacity does not come from there.
      const known = name === "opacity" ? value === "1" : above?.getPropertyValue(name) === value;
      return known ? [] : [`${name}:${value}`];
    });
    // Where a colour was named by its token, the style says it now.
    for (const name of ["class", "fill", "stroke"]) target.removeAttribute(name);
    if (kept.length > 0) target.setAttribute("style", kept.join(";"));
  });
  const width = drawing.width.baseVal.value + 2 * MARGIN;
  const height = drawing.height.baseVal.value + 2 * MARGIN;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width} ${height}`);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("x", String(-MARGIN));
  ground.setAttribute("y", String(-MARGIN));
  ground.setAttribute("width", String(width));
  ground.setAttribute("height", String(height));
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

export function svgBlob(drawing: SVGSVGElement): Blob {
  return new Blob([svgFile(drawing).text], { type: "image/svg+xml" });
}

/** Draw it as a PNG file. */
export async function pngBlob(drawing: SVGSVGElement): Promise<Blob> {
  const { text, width, height } = svgFile(drawing);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * SHARPNESS);
    canvas.height = Math.round(height * SHARPNESS);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((made) => (made === null ? reject(new Error("no picture")) : resolve(made))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
