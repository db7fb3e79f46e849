/**
 * Reads what `psql --csv` writes (RFC 4180), piece by piece. `nullMark` stands where a value is null. Values longer than
 * `longest` are cut; whatever was quoted stays text, also when it looks like the mark.
 */
export class CsvReader {
  /** Whether a value was cut. */
  isShortened = false;
  #field = "";
  #length = 0;
  #wasQuoted = false;
  #inQuotes = false;
  #quoteBefore = false;
  #row: (string | null)[] = [];

  constructor(
    private readonly nullMark: string,
    private readonly longest: number,
  ) {}

  *push(text: string): Generator<(string | null)[]> {
    for (const character of text) {
      if (this.#inQuotes) {
        if (character === '"') {
          this.#inQuotes = false;
          this.#quoteBefore = true;
        } else this.#add(character);
      } else if (character === '"') {
        // A quote right after the closing one is a quote in the text.
        if (this.#quoteBefore) this.#add('"');
        this.#inQuotes = true;
        this.#wasQuoted = true;
        this.#quoteBefore = false;
      } else if (character === ",") this.#endField();
      else if (character === "\n") {
        this.#endField();
        yield this.#row;
        this.#row = [];
      } else {
        this.#quoteBefore = false;
        this.#add(character);
      }
    }
  }

  #add(character: string): void {
    this.#length += 1;
    if (this.#length <= this.longest) this.#field += character;
    else this.isShortened = true;
  }

  #endField(): void {
    this.#row.push(!this.#wasQuoted && this.#field === this.nullMark ? null : this.#field);
    this.#field = "";
    this.#length = 0;
    this.#wasQuoted = false;
    this.#quoteBefore = false;
  }
}
