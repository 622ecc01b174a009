// Milliseconds of processor time that work takes, which other programs on the machine hardly change.

/** The least of three; each counts the threads of the engine too. */
export function cpuTime(work: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
