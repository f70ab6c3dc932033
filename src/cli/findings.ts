/** One thing that a check found: about what, and what. */
export interface Finding {
  subject: string;
  text: string;
}

/** What a check found: `wrong` needs somebody to act, a note is worth knowing. */
export function createFindings() {
  const wrong: Finding[] = [];
  const notes: Finding[] = [];
  return {
    lists: { wrong, notes } as { wrong: readonly Finding[]; notes: readonly Finding[] },
    wrong: (subject: string, text: string): void => void wrong.push({ subject, text }),
    note: (subject: string, text: string): void => void notes.push({ subject, text }),
  };
}

export type Findings = ReturnType<typeof createFindings>;
