/**
 * Does what is measured one after the other; in a smoke test, whose figures say nothing, all at once.
 * @returns what each of `tasks` has returned
 */
export async function runTasks(tasks, isSmoke) {
  if (isSmoke) return Promise.all(tasks.map((task) => task()));
  const returned = [];
  for (const task of tasks) returned.push(await task());
  return returned;
}
