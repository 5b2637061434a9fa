/**
 * Channels that can only be removed together, since layers between them work on each channel alone: those of a
 * convolution, the BatchNorm behind it, and all that a residual join adds to them.
 */
export class Feature {
  #joined: Feature | undefined;
  #needed = false;

  /** One for all that was joined. */
  get root(): Feature {
    if (this.#joined === undefined) return this;
    // The way is short the next time.
    this.#joined = this.#joined.root;
    return this.#joined;
  }

  /** Whether it has to stay. */
  get needed(): boolean {
    return this.root.#needed;
  }

  need(): void {
    this.root.#needed = true;
  }

  join(other: Feature): void {
    const [mine, theirs] = [this.root, other.root];
    if (mine === theirs) return;
    mine.#needed ||= theirs.#needed;
    theirs.#joined = mine;
  }
}

/** A feature at one place of the network. */
export interface Channel {
  readonly feature: Feature;
  /** Its value there for every image and pixel, borders included; undefined where it varies. */
  readonly constant: number | undefined;
}
