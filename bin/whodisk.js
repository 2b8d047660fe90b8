#!/usr/bin/env node
// No import statement and no syntax newer than import(): an old Node must get far enough to say that it is too old.
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(
    'whodisk: needs Node.js 20 or newer, and this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\n' +
      '  Install a current Node.js (https://nodejs.org) or select one, for instance with `nvm use 22`, and run whodisk again.\n',
  );
  process.exitCode = 1;
} else {
  import('./launch.js').then((launcher) => launcher.launch());
}
