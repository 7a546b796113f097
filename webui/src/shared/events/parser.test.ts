import { expect, it } from "vitest";
import { EventParser, type ServerEvent } from "./parser";

/** As the server writes it, with every way to end a line. */
const STREAM =
  "\uFEFF: listening\nretry: 2000\nid: 9\n\n" +
  'id: 10\nevent: job.queued\ndata: {"id":"a"}\n\n' +
  "id: 11\r\nevent: job.done\r\ndata: first\r\ndata: second\r\n\r\n" +
  ":\rid: 40\r\r" +
  "data:no space\rdata\r\r" +
  "nonsense: x\nevent: only a type\n\n" +
  "data: after\n\n";

const EVENTS: ServerEvent[] = [
  { id: "10", type: "job.queued", data: '{"id":"a"}' },
  { id: "11", type: "job.done", data: "first\nsecond" },
  { id: "40", type: "message", data: "no space\n" },
  { id: "40", type: "message", data: "after" },
];

it("reads fields, comments and blocks of several lines", () => {
  const parser = new EventParser();
  expect(parser.feed(STREAM)).toEqual(EVENTS);
  expect(parser.lastId).toBe("40");
  expect(parser.retry).toBe(2000);
});

it.each([1, 2, 3, 5, 7, 11])("reads the same from pieces of %i characters", (size) => {
  const parser = new EventParser();
  const events: ServerEvent[] = [];
  for (let at = 0; at < STREAM.length; at += size) {
    events.push(...parser.feed(STREAM.slice(at, at + size)));
  }
  expect(events).toEqual(EVENTS);
  expect(parser.lastId).toBe("40");
});

it("tells the position that a block without data moves to", () => {
  const parser = new EventParser();
  expect(parser.feed(":\nid: 7\n\n")).toEqual([]);
  expect(parser.lastId).toBe("7");
});

it("does not count a block that was cut off", () => {
  const parser = new EventParser();
  parser.feed("id: 1\ndata: whole\n\nid: 2\ndata: half");
  expect(parser.lastId).toBe("1");
});

it("passes over an id with a null and a pause that is no number", () => {
  const parser = new EventParser();
  expect(parser.feed("id: 3\0\nretry: soon\ndata: x\n\n")).toEqual([
    { id: "", type: "message", data: "x" },
  ]);
  expect(parser.retry).toBeNull();
});

it("keeps a line separator of Unicode inside the data", () => {
  const parser = new EventParser();
  expect(parser.feed("data: a\u2028b\n\n")[0]?.data).toBe("a\u2028b");
});
