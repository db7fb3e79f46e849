interface Searchable {
  label: string;
  group: string;
  keywords?: string;
}

/** Items in which every typed word occurs, in their given order; those whose label starts with it come first in their group. */
export function matchCommands<T extends Searchable>(items: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const found = items.filter((item) => {
    const text = `${item.label} ${item.group} ${item.keywords ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const groups = [...new Set(found.map((item) => item.group))];
  const starts = (item: T) => (item.label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return groups.flatMap((group) => found.filter((item) => item.group === group).sort((a, b) => starts(a) - starts(b)));
}
