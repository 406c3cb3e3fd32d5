export const enGB = {
  /** By the code of the problem: what it is called, what happened, and what to do, step by step. */
  problem: {
    other: {
      title: "The data on this PC cannot be opened",
      what: "",
      steps: {
        1: "Close Horopter and start it again.",
        2: "If this comes back, send support what stands below; it holds no patients' data.",
      },
    },
    KEY_MISSING: {
      title: "The key of this PC's data is missing",
      what: "The data on this PC is encrypted. Its key is kept in this computer's own password store, and is not there any more.",
      steps: {
        1: "Sign in to this computer as the person who always does: the key belongs to that account.",
        2: "If the computer was reset or its password store was emptied, have the store restored from a backup.",
        3: "Press Try again. No new key is made meanwhile.",
      },
    },
    KEY_MISMATCH: {
      title: "The key of this PC's data is another one now",
      what: "The data on this PC is encrypted. This computer's password store gives a key, but not the one that was put there.",
      steps: {
        1: "If the password store was restored or copied lately, have the earlier one put back.",
        2: "Press Try again. The data stays as it is until the right key is there.",
      },
    },
    PROVIDER_CHANGED: {
      title: "The key of this PC's data is kept elsewhere",
      what: "Horopter was started in another way than before, and from here it does not reach the place where the key is kept.",
      steps: {
        1: "Sign in to this computer as the person who always does.",
        2: "Start Horopter as it was always started, from the same icon or command.",
      },
    },
    WRONG_KEY: {
      title: "This data belongs to another PC",
      what: "The key of this PC does not open the data that lies here. It was copied from another PC, or the key was replaced.",
      steps: {
        1: "If data was copied to this PC, put back what was here before.",
        2: "Otherwise have this computer's password store restored from a backup.",
        3: "Do not delete anything: the data opens again with its own key.",
      },
    },
    FROM_THE_FUTURE: {
      title: "This data is of a newer version of Horopter",
      what: "A newer Horopter has worked with the data on this PC. This older one does not know all that is in it, and leaves it alone.",
      steps: {
        1: "Install the newer version on this PC.",
        2: "Start it: work goes on where it was.",
      },
    },
    DISK_FULL: {
      title: "The disk of this PC is full",
      what: "Horopter needs some room on the disk to open the data.",
      steps: {
        1: "Delete or move files that you do not need, at least 1 GB. Leave the folder of Horopter as it is.",
        2: "Press Try again.",
      },
    },
    LOCKED: {
      title: "Another program holds the data",
      what: "Another window or program on this PC is using the data at this moment.",
      steps: {
        1: "Close the other window of Horopter.",
        2: "Press Try again. If it stays, restart this computer.",
      },
    },
    CANNOT_OPEN: {
      title: "The data on this PC cannot be written to",
      what: "The folder with the data is read-only, or is not there.",
      steps: {
        1: "Check that the disk with the data is connected and belongs to this account.",
        2: "Press Try again.",
      },
    },
  },
  safeTitle: "What is safe",
  safe: "Nothing was deleted or changed. What had reached the centre is safe there; what had not is safe in the file on this PC.",
  doTitle: "What to do",
  stillSo: "Tried at {{time}}: it is still so.",
  forSupport: "For support",
  retry: "Try again",
  repairing: "Putting this PC's data in order",
  repairingText:
    "The file with this PC's data turned out to be damaged. Horopter mends it by itself; it takes a minute or two, and you can leave it running.",
  repairSteps: {
    aside: "The damaged file is set aside and kept",
    read: "Reading what only this PC has: unsent work, drafts, receipt numbers",
    fetch: "Then the rest comes from the centre",
  },
  done: "done",
  lostTitle: "This PC has to join again",
  lost: "Its data was damaged so badly that it cannot be told whose it is, and no backup of it was found. It has to join its practice again, with a new code.",
  lostSaved_zero: "Nothing had been waiting to reach the centre, as far as can be read.",
  lostSaved_one:
    "{{count}} change that had not reached the centre was saved. It is sent as soon as this PC has joined.",
  lostSaved_other:
    "{{count}} changes that had not reached the centre were saved. They are sent as soon as this PC has joined.",
  fence: {
    title: "You can look at everything, but nothing can be saved until this PC has reached the centre",
    text: "It goes on from saved data that may lack its last steps, so it cannot know which receipt numbers are on paper already. Connect it: the centre gives it new ones, and it goes on by itself.",
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
  kept: "The files as they were are kept in the folder {{folder}}.",
  goesOn: {
    same: "Receipt numbers go on as before.",
    new_numbers: "New receipts get new numbers; the printed ones can still be searched for.",
    new_device: "It goes on as a new PC with new receipt numbers; the printed ones can still be searched for.",
  },
  understood: "Understood",
  backups: "Backups of this PC",
  last: "The last one was made {{age}}.",
  none: "None yet. The first is made within a minute of work.",
  tested: "One was opened and read to its end {{age}}: {{patients}} patients.",
  testFailed: "One could not be read {{age}}, so a new one was made.",
  keptIn: "They are kept, encrypted, in {{folder}}",
  ago: { now: "just now", before: "{{age}} ago" },
  now: "Back up now",
  happened: "What happened to this PC's data",
};
