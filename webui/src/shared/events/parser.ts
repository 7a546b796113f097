/** An event as the server sent it. */
export interface ServerEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events (HTML standard, 9.2.6) a piece at a time.
 *
 * Unlike the libraries that do this it also tells the position that a block without data moves
 * to: the server sends those so that whoever comes back is not told of long ago.
 */
export class EventParser {
  /** The id of the last block that has arrived whole. */
  lastId = "";
  /** The pause before a reconnection that the server asks for, in milliseconds. */
  retry: number | null = null;

  private unread = "";
  private begun = false;
  private afterReturn = false;
  private data: string[] = [];
  private type = "";
  private id: string | null = null;

  /** Read on; return the events that are whole now. */
  feed(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    for (const line of this.lines(piece)) {
      if (line !== "") this.take(line);
      else events.push(...this.endBlock());
    }
    return events;
  }

  /** Lines end in LF, CR or both; a CRLF may be torn apart between two pieces. */
  private lines(piece: string): string[] {
    let text = piece;
    if (!this.begun && text !== "") {
      this.begun = true;
      text = text.replace(/^\uFEFF/, "");
    }
    if (this.afterReturn && text !== "") {
      this.afterReturn = false;
      text = text.replace(/^\n/, "");
    }
    if (text.endsWith("\r")) this.afterReturn = true;
    const lines = (this.unread + text).split(/\r\n|\n|\r/);
    this.unread = lines.pop() ?? "";
    return lines;
  }

  private take(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.data.push(value);
    else if (field === "event") this.type = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
  }

  private endBlock(): ServerEvent[] {
    const { data, type, id } = this;
    this.data = [];
    this.type = "";
    this.id = null;
    // Only now: a block that is cut off must be asked for again.
    if (id !== null) this.lastId = id;
    if (data.length === 0) return [];
    return [{ id: this.lastId, type: type === "" ? "message" : type, data: data.join("\n") }];
  }
}
