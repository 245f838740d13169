/** Table globs as the engine reads them: `*`, `?`, `[abc]`, whole name, whatever the case. */
function toRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  try {
    return new RegExp(`^${source.replaceAll("[!", "[^")}$`, "i");
  } catch {
    return new RegExp(`^${glob.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`, "i");
  }
}

/** Names that match any of `include` (none means all) and none of `exclude`. */
export function matching(
  names: readonly string[],
  include: readonly string[],
  exclude: readonly string[],
): string[] {
  const wanted = include.map(toRegExp);
  const unwanted = exclude.map(toRegExp);
  return names.filter(
    (name) =>
      (wanted.length === 0 || wanted.some((glob) => glob.test(name))) &&
      !unwanted.some((glob) => glob.test(name)),
  );
}
