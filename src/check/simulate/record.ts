/** A libxc record that is there in whole. */
export interface LibxcRecordAt {
  readonly type: number;
  readonly length: number;
  /** File offsets: of its header, of its body, and behind its padding. */
  readonly offset: number;
  readonly body: number;
  readonly end: number;
}
