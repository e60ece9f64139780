// main REFERENCE FOLDER: writes the dashboards into the folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Declarations } from './declarations.js';
import { overviewDashboard } from './overview.js';
import { pathDashboard } from './path.js';
import { socketsDashboard } from './sockets.js';

const [reference, folder] = process.argv.slice(2);
if (!reference || !folder) throw new Error('usage: main REFERENCE FOLDER');
const declarations = new Declarations(reference);
const write = (name: string, text: string) => writeFileSync(join(folder, `netstack-${name}.json`), text);
write('overview', overviewDashboard(declarations));
write('receive', pathDashboard(declarations, 'receive'));
write('transmit', pathDashboard(declarations, 'transmit'));
write('sockets', socketsDashboard(declarations));
