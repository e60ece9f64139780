// What the exporter says about itself: `netstack_exporter reference --format=json`.
import { readFileSync } from 'node:fs';

export interface Says {
  says: string;
}
export interface Drop extends Says {
  class: 'loss' | 'error' | 'policy';
  cause: string;
}
export interface Pressure extends Says {
  cause: string;
}
export interface Blind extends Says {
  reason: string;
}
export interface Stage {
  path: 'receive' | 'transmit';
  stage: string;
  order: string;
  title: string;
  packets: Says[];
  drops: Drop[];
  pressure: Pressure[];
  saturation: string[];
  blind: Blind[];
}
export interface Family {
  name: string;
  type: string;
  path: string;
  stage: string;
  role: string;
  unit: string;
  labels: string[];
  help: string;
  reading: string;
  source: string;
}

export class Declarations {
  readonly stages: Stage[];
  readonly families: Map<string, Family>;

  constructor(path: string) {
    const read = JSON.parse(readFileSync(path, 'utf8')) as { stages: Stage[]; families: Family[] };
    this.stages = read.stages;
    this.families = new Map(read.families.map((family) => [family.name, family]));
  }

  // The families that expressions name, in their order. A name that nobody declares is an error.
  named(expressions: string[]): Family[] {
    const names = new Set(expressions.flatMap((text) => text.match(/\b(?:netstack|process)_\w+/g) ?? []));
    return [...names].map((name) => {
      const plain = name.replace(/_(?:bucket|gcount|gsum)$/, '');
      const family = this.families.get(name) ?? this.families.get(plain);
      if (!family) throw new Error(`${name} is not declared`);
      return family;
    });
  }

  ofStage(stage: Stage, role: string): Family[] {
    return [...this.families.values()].filter(
      (family) => family.path === stage.path && family.stage === stage.stage && family.role === role,
    );
  }
}
