// Descriptions of panels, from the declarations.
import type { Declarations, Stage } from './declarations.js';

export function runbook(stage: Stage): string {
  return `Runbook: docs/stages/${stage.path}-${stage.stage}.md`;
}

// What the families of the expressions count, and how to read them.
export function ofExpressions(declarations: Declarations, expressions: string[]): string {
  return declarations
    .named(expressions)
    .map((family) => `\`${family.name}\`: ${[family.help, family.reading].filter(Boolean).join(' ')}`)
    .join('\n\n');
}

export function ofDrops(stage: Stage): string {
  const causes = stage.drops.map((drop) => `- ${drop.class} \`${drop.cause}\`: ${drop.says}`);
  const blind = stage.blind.map((row) => `Not to be seen (${row.reason}): ${row.says}`);
  const list = causes.length > 0 ? causes.join('\n') : 'Nothing that this stage loses has a counter.';
  return [
    'Packets that did not pass, each counted once, by cause. Normal is 0 of class loss and error.',
    list,
    ...blind,
  ].join('\n\n');
}

export function ofPressure(stage: Stage): string {
  return stage.pressure.map((row) => `- \`${row.cause}\`: ${row.says}`).join('\n');
}
