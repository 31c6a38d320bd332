/** A built page that is served. */
export interface Served {
  /** `http://127.0.0.1:40123/`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export function serve(folder: string, port: number): Promise<Served>;
