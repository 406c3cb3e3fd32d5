/**
 * Where the keys of this device are kept: one port, several keepers. A store belongs to one data folder; two
 * folders of the same person never see each other's secrets.
 */
export interface SecretStore {
  /** Which keeper this is, as recorded beside the replica: `keyring:secret-service`, `passphrase-file`, … */
  readonly provider: string;
  /** The secret, or null if there is none of that name. Throws if the keeper cannot be asked. */
  get(name: string): Promise<string | null>;
  /** Keeps a secret, at most 1,000 characters: Windows holds no longer ones. */
  set(name: string, value: string): Promise<void>;
  /** Forgets a secret; forgetting one there is none of is no error. */
  delete(name: string): Promise<void>;
}

/** A keeper that may or may not be there on this machine. */
export interface SecretCandidate {
  readonly provider: string;
  /**
   * Opens the store of one data folder.
   * @param use `first` when nothing is kept there yet, so that writing has to be tried too; `again` otherwise.
   * @throws Refusal with code `STORE_UNAVAILABLE` when this machine has no such keeper or it does not answer.
   */
  open(folder: SecretFolder, use: "first" | "again"): Promise<SecretStore>;
}

export interface SecretFolder {
  readonly path: string;
  /** Tells the entries of this folder from those of others in a keeper they share; 32 hex digits. */
  readonly scope: string;
}
