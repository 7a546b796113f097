/**
 * Reads the Arrow IPC streams that the server sends: integers, floats, times, strings and
 * dictionaries of strings, uncompressed.
 *
 * Our own because that is a small part of the format: the library would be the second largest part
 * of the page. The format: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 */

/** Numbers; NaN stands where there is none. */
export interface Numbers {
  readonly kind: "number" | "time";
  readonly values: Float32Array | Float64Array | Uint32Array;
}

/** Each row's place among the names; -1 stands where there is none. */
export interface Codes {
  readonly kind: "codes";
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

/** Strings, as bytes that are decoded once one of them is asked for. */
export interface Strings {
  readonly kind: "strings";
  readonly length: number;
  readonly at: (row: number) => string | null;
}

export type ArrowColumn = Numbers | Codes | Strings;

export interface ArrowTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ArrowColumn>;
}

const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;

type Type =
  | { readonly is: "int"; readonly bits: number; readonly signed: boolean }
  | { readonly is: "float"; readonly bits: number }
  | { readonly is: "time"; readonly perMillisecond: number }
  | { readonly is: "string"; readonly large: boolean };

interface Field {
  readonly name: string;
  readonly type: Type;
  /** The dictionary that its numbers are places in, if it has one. */
  readonly dictionary: { readonly id: bigint; readonly index: Type } | null;
}

/** Read a stream. Throws an Error where it holds what this does not read, or ends too early. */
export function readArrow(buffer: ArrayBuffer): ArrowTable {
  const view = new DataView(buffer);
  let fields: readonly Field[] = [];
  const dictionaries = new Map<bigint, (string | null)[]>();
  const pieces: Piece[][] = [];
  let rows = 0;
  let at = 0;
  while (at + 8 <= buffer.byteLength) {
    // Before 0.15 the length stood alone, without the four bytes of ones.
    const marked = view.getUint32(at, true) === 0xffffffff;
    const size = view.getInt32(marked ? at + 4 : at, true);
    if (size === 0) break;
    const start = at + (marked ? 8 : 4);
    const message = root(view, start);
    const bodyStart = start + size;
    const bodyLength = Number(message.int64(3));
    if (bodyStart + bodyLength > buffer.byteLength) throw new Error("The table ends too early.");
    const header = message.table(2);
    const kind = message.uint8(1);
    if (kind === SCHEMA && header !== null) fields = header.tables(1).map(fieldOf);
    else if (kind === DICTIONARY && header !== null) {
      const id = header.int64(0);
      const inner = header.table(1);
      const field = fields.find(({ dictionary }) => dictionary?.id === id);
      if (inner !== null && field !== undefined) {
        const [piece] = piecesOf(inner, [field.type], buffer, bodyStart);
        const names = piece === undefined ? [] : allStrings(piece, field.type);
        const before = header.uint8(2) === 1 ? (dictionaries.get(id) ?? []) : [];
        dictionaries.set(id, [...before, ...names]);
      }
    } else if (kind === BATCH && header !== null) {
      const types = fields.map(({ type, dictionary }) => dictionary?.index ?? type);
      pieces.push(piecesOf(header, types, buffer, bodyStart));
      rows += Number(header.int64(0));
    }
    at = bodyStart + bodyLength;
  }
  const columns = fields.map((field, index): [string, ArrowColumn] => {
    const own = pieces.map((batch) => batch[index]).filter((piece) => piece !== undefined);
    return [field.name, columnOf(field, own, rows, dictionaries)];
  });
  return { rows, columns: new Map(columns) };
}

function columnOf(
  { type, dictionary }: Field,
  pieces: readonly Piece[],
  rows: number,
  dictionaries: ReadonlyMap<bigint, readonly (string | null)[]>,
): ArrowColumn {
  if (dictionary !== null) {
    const codes = new Int32Array(rows);
    let at = 0;
    for (const piece of pieces) {
      const values = numbersOf(piece, dictionary.index);
      for (let row = 0; row < piece.length; row += 1, at += 1) {
        codes[at] = isThere(piece, row) ? Number(values[row]) : -1;
      }
    }
    const names = (dictionaries.get(dictionary.id) ?? []).map((name) => name ?? "");
    return { kind: "codes", codes, names };
  }
  if (type.is === "string") {
    const starts: number[] = [];
    let length = 0;
    for (const piece of pieces) {
      starts.push(length);
      length += piece.length;
    }
    const at = (row: number): string | null => {
      const index = starts.findLastIndex((start) => start <= row);
      const piece = pieces[index];
      const start = starts[index];
      return piece === undefined || start === undefined || row >= length
        ? null
        : stringAt(piece, row - start, type.large);
    };
    return { kind: "strings", length, at };
  }
  const values = arrayFor(type, rows, pieces);
  const scale = type.is === "time" ? type.perMillisecond : 1;
  let at = 0;
  for (const piece of pieces) {
    const own = numbersOf(piece, type);
    const whole = piece.validity === null && scale === 1 && !(own instanceof BigInt64Array);
    if (whole) {
      values.set(own.subarray(0, piece.length) as Float32Array, at);
      at += piece.length;
    } else {
      for (let row = 0; row < piece.length; row += 1, at += 1) {
        values[at] = isThere(piece, row) ? Number(own[row]) / scale : Number.NaN;
      }
    }
  }
  return { kind: type.is === "time" ? "time" : "number", values };
}

function arrayFor(type: Type, rows: number, pieces: readonly Piece[]) {
  const none = pieces.some(({ validity }) => validity !== null);
  if (type.is === "float" && type.bits === 32) return new Float32Array(rows);
  if (type.is === "int" && !type.signed && type.bits <= 32 && !none) return new Uint32Array(rows);
  return new Float64Array(rows);
}

/** One field of one batch: where its bits and bytes are. */
interface Piece {
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Uint8Array | null;
  readonly data: Uint8Array;
}

function piecesOf(
  batch: Table,
  types: readonly Type[],
  buffer: ArrayBuffer,
  start: number,
): Piece[] {
  if (batch.table(3) !== null) throw new Error("The table is compressed.");
  const nodes = batch.structs(1, 16);
  const buffers = batch.structs(2, 16);
  let next = 0;
  const take = (): Uint8Array => {
    const [offset = 0, length = 0] = buffers[next] ?? [];
    next += 1;
    return new Uint8Array(buffer, start + offset, length);
  };
  return types.map((type, index) => {
    const [length = 0, missing = 0] = nodes[index] ?? [];
    const validity = take();
    const offsets = type.is === "string" ? take() : null;
    const none = missing === 0 || validity.length === 0;
    return { length, validity: none ? null : validity, offsets, data: take() };
  });
}

function isThere({ validity }: Piece, row: number): boolean {
  return validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

type Read =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

function numbersOf({ data, length }: Piece, type: Type): Read {
  if (type.is === "string") throw new Error("A string is no number.");
  const bits = type.is === "time" ? 64 : type.bits;
  const bytes = (bits / 8) * length;
  // Buffers are padded to 8 bytes, but nothing promises that the stream began at such a place.
  const aligned = data.byteOffset % 8 === 0 ? data : data.slice();
  const { buffer, byteOffset } = aligned;
  if (aligned.byteLength < bytes) throw new Error("The table ends too early.");
  if (type.is === "float") {
    return bits === 32
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }
  const signed = type.is === "time" || type.signed;
  switch (bits) {
    case 8:
      return signed
        ? new Int8Array(buffer, byteOffset, length)
        : new Uint8Array(buffer, byteOffset, length);
    case 16:
      return signed
        ? new Int16Array(buffer, byteOffset, length)
        : new Uint16Array(buffer, byteOffset, length);
    case 32:
      return signed
        ? new Int32Array(buffer, byteOffset, length)
        : new Uint32Array(buffer, byteOffset, length);
    default:
      return new BigInt64Array(buffer, byteOffset, length);
  }
}

const UTF8 = new TextDecoder();

function stringAt(piece: Piece, row: number, large: boolean): string | null {
  const { offsets, data } = piece;
  if (offsets === null || !isThere(piece, row)) return null;
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  const at = (place: number): number =>
    large ? Number(view.getBigInt64(place * 8, true)) : view.getInt32(place * 4, true);
  return UTF8.decode(data.subarray(at(row), at(row + 1)));
}

function allStrings(piece: Piece, type: Type): (string | null)[] {
  const large = type.is === "string" && type.large;
  return Array.from({ length: piece.length }, (_, row) => stringAt(piece, row, large));
}

// -- the schema: fields and their types ------------------------------------------------------

const INT = 2;
const FLOAT = 3;
const UTF8_TYPE = 5;
const TIMESTAMP = 10;
const LARGE_UTF8 = 20;
const UNITS = [1 / 1000, 1, 1000, 1_000_000];
const FLOAT_BITS = [16, 32, 64];

function fieldOf(field: Table): Field {
  const name = field.string(0);
  const type = typeOf(field.uint8(2), field.table(3), name);
  const encoding = field.table(4);
  if (encoding === null) return { name, type, dictionary: null };
  const index = encoding.table(1);
  const places: Type = index === null ? { is: "int", bits: 32, signed: true } : intOf(index);
  return { name, type, dictionary: { id: encoding.int64(0), index: places } };
}

function intOf(type: Table): Type {
  return { is: "int", bits: type.int32(0), signed: type.uint8(1) === 1 };
}

function typeOf(kind: number, type: Table | null, name: string): Type {
  if (kind === INT && type !== null) return intOf(type);
  if (kind === FLOAT && type !== null) {
    const bits = FLOAT_BITS[type.int16(0)] ?? 0;
    if (bits >= 32) return { is: "float", bits };
  }
  if (kind === TIMESTAMP && type !== null) {
    return { is: "time", perMillisecond: UNITS[type.int16(0)] ?? 1 };
  }
  if (kind === UTF8_TYPE) return { is: "string", large: false };
  if (kind === LARGE_UTF8) return { is: "string", large: true };
  throw new Error(`The column ${name} is of a type that is not read here.`);
}

// -- FlatBuffers: tables whose fields are found by a table of offsets -------------------------

interface Table {
  readonly uint8: (field: number) => number;
  readonly int16: (field: number) => number;
  readonly int32: (field: number) => number;
  readonly int64: (field: number) => bigint;
  readonly string: (field: number) => string;
  readonly table: (field: number) => Table | null;
  readonly tables: (field: number) => Table[];
  /** A vector of structs, each of 64-bit integers. */
  readonly structs: (field: number, size: number) => number[][];
}

function root(view: DataView, start: number): Table {
  return tableAt(view, start + view.getUint32(start, true));
}

function tableAt(view: DataView, start: number): Table {
  const offsets = start - view.getInt32(start, true);
  const known = view.getUint16(offsets, true);
  const place = (field: number): number | null => {
    const entry = 4 + field * 2;
    const offset = entry < known ? view.getUint16(offsets + entry, true) : 0;
    return offset === 0 ? null : start + offset;
  };
  const target = (field: number): number | null => {
    const at = place(field);
    return at === null ? null : at + view.getUint32(at, true);
  };
  const read = <T>(field: number, none: T, get: (at: number) => T): T => {
    const at = place(field);
    return at === null ? none : get(at);
  };
  return {
    uint8: (field) => read(field, 0, (at) => view.getUint8(at)),
    int16: (field) => read(field, 0, (at) => view.getInt16(at, true)),
    int32: (field) => read(field, 0, (at) => view.getInt32(at, true)),
    int64: (field) => read(field, 0n, (at) => view.getBigInt64(at, true)),
    string: (field) => {
      const at = target(field);
      if (at === null) return "";
      const length = view.getUint32(at, true);
      return UTF8.decode(new Uint8Array(view.buffer, view.byteOffset + at + 4, length));
    },
    table: (field) => {
      const at = target(field);
      return at === null ? null : tableAt(view, at);
    },
    tables: (field) => {
      const at = target(field);
      const length = at === null ? 0 : view.getUint32(at, true);
      return Array.from({ length }, (_, index) => {
        const entry = (at ?? 0) + 4 + index * 4;
        return tableAt(view, entry + view.getUint32(entry, true));
      });
    },
    structs: (field, size) => {
      const at = target(field);
      const length = at === null ? 0 : view.getUint32(at, true);
      return Array.from({ length }, (_, index) =>
        Array.from({ length: size / 8 }, (__, part) =>
          Number(view.getBigInt64((at ?? 0) + 4 + index * size + part * 8, true)),
        ),
      );
    },
  };
}
