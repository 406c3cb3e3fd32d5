export const enGB = {
  problem: {
    title: "The data on this PC cannot be opened",
    KEY_MISSING: "The key of this PC's data is missing",
    KEY_MISMATCH: "The key of this PC's data is another one now",
    PROVIDER_CHANGED: "The key of this PC's data is kept elsewhere",
    WRONG_KEY: "This data belongs to another PC or another key",
    FROM_THE_FUTURE: "This data is of a newer version of Horopter",
    DISK_FULL: "The disk of this PC is full",
    LOCKED: "Another program holds the data",
    safe: "Nothing was deleted or changed. What had reached the centre is safe there; what had not is safe in the file on this PC.",
  },
  retry: "Try again",
  repairing: "Putting this PC's data in order",
  repairingText:
    "The file on this PC turned out to be damaged. It is kept as it is; everything that only this PC has is read from it, and the rest comes from the centre. You can leave this running.",
  lostTitle: "This PC has to join again",
  lost_zero:
    "Its data was damaged so badly that it cannot be told whose it is, and no backup was found. Ask head office for a new code. The damaged files are kept in {{folder}}.",
  lost_one:
    "Its data was damaged so badly that it cannot be told whose it is, and no backup was found. Ask head office for a new code: {{count}} change that had not reached the centre was saved from it and is sent as soon as this PC has joined. The damaged files are kept in {{folder}}.",
  lost_other:
    "Its data was damaged so badly that it cannot be told whose it is, and no backup was found. Ask head office for a new code: {{count}} changes that had not reached the centre were saved from it and are sent as soon as this PC has joined. The damaged files are kept in {{folder}}.",
  fence: {
    title: "This PC can be looked at, but saves nothing until it has met the centre",
    text: "It goes on from saved data that may lack its last steps, so it cannot know which receipt numbers are used already. The centre gives it new ones, and it goes on by itself.",
  },
  event: {
    repaired: "The data of this PC was damaged and has been put in order",
    restored: "A backup was put in the place of this PC's data",
    behind: "The data of this PC is older than it had been",
  },
  unsent_zero: "Nothing had been waiting to reach the centre.",
  unsent_one: "{{count}} change that had not reached the centre was saved.",
  unsent_other: "{{count}} changes that had not reached the centre were saved.",
  missing_one:
    "{{count}} change could not be read; look for it under today's sales, and enter it again if it is not there.",
  missing_other:
    "{{count}} changes could not be read; look for them under today's sales, and enter again what is not there.",
  kept: "The files as they were are kept in {{folder}}.",
  goesOn: {
    same: "It goes on with the numbers it had.",
    new_numbers: "It goes on with new numbers; printed ones stay searchable.",
    new_device: "It goes on as a new PC; printed numbers stay searchable.",
  },
  understood: "Understood",
  backups: "Backups of this PC",
  last: "The last: {{age}}",
  none: "None yet. The first is made within a minute of work.",
  tested: "Opened and read to the end {{age}}: {{patients}} patients.",
  testFailed: "The newest backup could not be read {{age}}. A new one was made.",
  now: "Back up now",
  happened: "What happened to this PC's data",
};
