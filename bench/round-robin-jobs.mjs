/**
 * Requests that ask for the jobs of a home one after the other, and then again from the first: of so many no answer is remembered.
 * @param request makes one of a job's id
 * @returns a function that gives the next request
 */
export function roundRobinJobs(jobs, request) {
  let at = 0;
  return () => {
    at = (at + 1) % jobs;
    return request(`prices-${String(at).padStart(5, '0')}`);
  };
}
