import type { Camera, Size } from "./camera";

/** Colours of 0 to 255 by code, four numbers each; an alpha of 0 is not drawn. */
export type Palette = Uint8Array;

/** What is told of a point besides its colour, one bit each. */
export const LEFT_OUT = 1;
export const SELECTED = 2;

/** The width of the texture that colours are looked up in. */
const WIDE = 256;

const VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec2 place;
layout(location = 1) in uint code;
layout(location = 2) in uint state;
layout(location = 3) in float sure;
uniform vec2 middle;
uniform vec2 zoom;
uniform float size;
uniform vec3 faint;
uniform highp sampler2D palette;
out vec4 colour;
out float ringed;
out float pixels;
void main() {
  vec4 own = texelFetch(palette, ivec2(int(code & 255u), int(code >> 8u)), 0);
  bool leftOut = (state & 1u) != 0u;
  bool selected = (state & 2u) != 0u;
  if (own.a == 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  // What is known stands above what is not, and what was selected above all.
  float depth = selected ? -0.5 : leftOut ? 0.8 : code == 0u ? 0.4 : 0.0;
  colour = leftOut ? vec4(faint, 0.3) : vec4(own.rgb, own.a * mix(0.25, 1.0, sure));
  ringed = selected ? 1.0 : 0.0;
  gl_Position = vec4((place - middle) * zoom, depth, 1.0);
  float across = size * (code == 0u ? 0.8 : 1.0) * mix(0.7, 1.0, sure);
  pixels = selected ? across + 5.0 : across;
  gl_PointSize = pixels;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 colour;
in float ringed;
in float pixels;
uniform vec3 ring;
out vec4 drawn;
void main() {
  vec4 own = colour;
  // The smallest are squares, which nobody can tell from discs.
  if (pixels > 3.0) {
    float far = length(gl_PointCoord * 2.0 - 1.0);
    if (ringed > 0.5 && far > 0.62) own = vec4(ring, 1.0);
    own.a *= clamp((1.0 - far) * pixels * 0.5 + 0.25, 0.0, 1.0);
    if (own.a < 0.04) discard;
  }
  drawn = vec4(own.rgb * own.a, own.a);
}`;

/** Thrown where the browser has no WebGL 2. */
export class NoWebGL extends Error {}

/** The points of a map on a canvas. All of them are one draw call from buffers that stay. */
export class Drawing {
  private readonly gl: WebGL2RenderingContext;
  private program: WebGLProgram | null = null;
  private readonly buffers: (WebGLBuffer | null)[] = [];
  private n = 0;

  /** Begin on a canvas. Throws NoWebGL where that cannot be. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, depth: true });
    if (gl === null) throw new NoWebGL();
    this.gl = gl;
    this.start();
  }

  /** Make what the graphics card keeps; again once it has lost it. */
  start(): void {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind);
      if (shader === null) throw new NoWebGL();
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new NoWebGL(gl.getProgramInfoLog(program) ?? "");
    }
    this.program = program;
    // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's own word, no hook
    gl.useProgram(program);
    this.buffers.length = 0;
    for (let location = 0; location < 4; location += 1) this.buffers.push(gl.createBuffer());
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.clearColor(0, 0, 0, 0);
  }

  setPlaces(places: Float32Array): void {
    const { gl } = this;
    this.n = places.length / 2;
    this.fill(0, places);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  }

  setCodes(codes: Uint16Array): void {
    this.fill(1, codes);
    this.gl.vertexAttribIPointer(1, 1, this.gl.UNSIGNED_SHORT, 0, 0);
  }

  setStates(states: Uint8Array): void {
    this.fill(2, states);
    this.gl.vertexAttribIPointer(2, 1, this.gl.UNSIGNED_BYTE, 0, 0);
  }

  /** How probable each point's colour is; all are certain where it is null. */
  setSure(sure: Uint8Array | null): void {
    const { gl } = this;
    if (sure === null) {
      gl.disableVertexAttribArray(3);
      gl.vertexAttrib1f(3, 1);
      return;
    }
    this.fill(3, sure);
    gl.vertexAttribPointer(3, 1, gl.UNSIGNED_BYTE, true, 0, 0);
  }

  setPalette(palette: Palette): void {
    const { gl } = this;
    const high = Math.max(1, Math.ceil(palette.length / 4 / WIDE));
    const filled = new Uint8Array(WIDE * high * 4);
    filled.set(palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, WIDE, high, 0, gl.RGBA, gl.UNSIGNED_BYTE, filled);
  }

  /** Say how what the filter leaves out is drawn, and the ring of what is selected; 0 to 255. */
  setTones(faint: readonly number[], ring: readonly number[]): void {
    for (const [name, tone] of [
      ["faint", faint],
      ["ring", ring],
    ] as const) {
      const [red = 0, green = 0, blue = 0] = tone.map((each) => each / 255);
      this.gl.uniform3f(this.place(name), red, green, blue);
    }
  }

  /** Draw the first `count` points; `pixels` are the device's for one of the page's. */
  draw(camera: Camera, size: Size, pixels: number, pointSize: number, count: number): void {
    const { gl, canvas } = this;
    const width = Math.max(1, Math.round(size.width * pixels));
    const height = Math.max(1, Math.round(size.height * pixels));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.uniform2f(this.place("middle"), camera.x, camera.y);
    const { scale } = camera;
    gl.uniform2f(this.place("zoom"), (2 * scale) / size.width, (2 * scale) / size.height);
    gl.uniform1f(this.place("size"), pointSize * pixels);
    gl.drawArrays(gl.POINTS, 0, Math.min(this.n, count));
  }

  /** Wait until all is drawn: what a frame costs is known only then. */
  finish(): void {
    const { gl } = this;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  private place(name: string): WebGLUniformLocation | null {
    return this.program === null ? null : this.gl.getUniformLocation(this.program, name);
  }

  private fill(location: number, values: Float32Array | Uint16Array | Uint8Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[location] ?? null);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
  }
}
