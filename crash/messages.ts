/** What the crash run and its workstation processes say to each other over the channel between them. */

export interface Place {
  readonly name: string;
  readonly folder: string;
  readonly serverUrl: string;
  /** Lets the device join, the first time. */
  readonly code: string;
  /** What this start of it does is drawn from this. */
  readonly seed: number;
  /** Sells and edits; null at a bench, which only moves jobs. */
  readonly seller: string | null;
  readonly technician: string;
  readonly frame: string;
  readonly lens: string;
  /** The file of what a person was shown. */
  readonly receipts: string;
}

/** What a person was shown after a command returned; one line of JSON in the receipts' file. */
export interface Shown {
  readonly device: string;
  readonly kind: "sale" | "payment" | "patient" | "prescription" | "edit" | "move";
  readonly group: string;
  readonly headerHash: string;
  /** Rows that the command's group inserted, by entity. */
  readonly rows: readonly (readonly [entity: string, id: string])[];
  /** Of a sale: what the receipt says. */
  readonly sale?: { readonly id: string; readonly number: string; readonly total: number; readonly paid: number };
}

export type Told =
  | { readonly kind: "joined" }
  | { readonly kind: "problem"; readonly message: string }
  | {
      readonly kind: "status";
      readonly phase: string;
      readonly ready: boolean;
      readonly pending: number;
      readonly seq: number;
      readonly epoch: string;
    };

/** `rest`: no more work, only sync. `status`: answer with one. `end`: close the files and go. */
export type Asked = "rest" | "status" | "end";
