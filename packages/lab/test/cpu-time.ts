// Milliseconds of processor time that work takes: what a bound of time is about, whoever else uses the machine.

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
