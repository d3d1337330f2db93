// Makes of a report a large one, of 300 problems and 5,000 Pods: kubectl stuck demo -o json | node many.mjs > many.json
import { readFileSync } from 'node:fs';

const problems = 300, pods = 5000;
const report = JSON.parse(readFileSync(0, 'utf8'));
const key = (of) => (of.namespace || '') + '/' + of.name;
const drawn = new Map((report.timelines || []).map((t) => [key(t.pod), t]));
const known = report.problems.filter((p) => p.findings.length);
let left = pods;
report.timelines = [];
report.problems = Array.from({ length: problems }, (_, i) => {
  const problem = structuredClone(known[i % known.length]);
  problem.blame.name = (problem.blame.name || 'x') + '-' + i;
  const n = Math.ceil(left / (problems - i)), from = problem.findings;
  left -= n;
  problem.effects = [];
  problem.findings = Array.from({ length: n }, (_, j) => {
    const finding = structuredClone(from[j % from.length]), of = finding.pod || finding.workload;
    const timeline = drawn.get(key(of));
    of.name += `-${i}-${j}`;
    if (timeline) report.timelines.push({ ...timeline, pod: { ...timeline.pod, name: of.name } });
    return finding;
  });
  return problem;
});
report.pods = { seen: 2 * pods, stuck: pods, starting: 0, missing: 0 };
console.log(JSON.stringify(report));
