// The log of one process: appended to over all starts, and cut by size, so that neither a restart nor time loses or fills anything.
import fs from "node:fs";
import path from "node:path";

const MAX_BYTES = 20_000_000;
const KEPT = 3; // older files beside the present one: name.log.1 is the newest of them

/** Lines to a file that only its owner may read. `onError(error)`: a full disk ends the log, not the program. */
export class LogFile {
  #stream;
  #bytes;
  #maxBytes;
  #onError;

  constructor(file, { onError, maxBytes = MAX_BYTES }) {
    this.file = file;
    this.#maxBytes = maxBytes;
    this.#onError = onError;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#open();
  }

  write(line) {
    if (!this.#stream?.writable) return;
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#turn();
    this.#bytes += bytes;
    this.#stream.write(`${line}\n`);
  }

  /** Resolves when everything is written. */
  end() {
    return new Promise((resolve) => {
      if (!this.#stream || this.#stream.closed) resolve();
      else this.#stream.once("close", resolve).end();
    });
  }

  #open() {
    this.#stream = undefined;
    try {
      const fd = fs.openSync(this.file, "a", 0o600); // at once: a file that is turned has to be there
      fs.fchmodSync(fd, 0o600);
      this.#bytes = fs.fstatSync(fd).size;
      this.#stream = fs.createWriteStream(this.file, { fd });
      this.#stream.on("error", this.#onError);
    } catch (error) {
      void Promise.resolve(error).then(this.#onError); // when whoever opened it listens
    }
  }

  /** The file becomes the newest of the older ones; what the old stream still has to write follows it. */
  #turn() {
    const older = (n) => (n === 0 ? this.file : `${this.file}.${n}`);
    try {
      for (let n = KEPT - 1; n >= 0; n--) if (fs.existsSync(older(n))) fs.renameSync(older(n), older(n + 1));
    } catch (error) {
      this.#onError(error);
    }
    this.#stream.end();
    this.#open();
  }
}
