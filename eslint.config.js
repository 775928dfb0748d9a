import tseslint from 'typescript-eslint';

/** Folders and files that may print and decide the exit status. */
const printing = ['src/cli/**', 'scripts/**', 'bench/**', 'docs/examples/**', 'test/kvm/nested-session.ts'];
/** Tests, and files that are one table: their length is not a sign of bad structure. */
const longByNature = ['**/*.test.ts', 'test/**', '**/*-table.ts'];

const defaultExports = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Named exports only.' },
];
const printingCalls = [
  {
    selector: 'CallExpression[callee.object.name="process"][callee.property.name="exit"]',
    message: 'Throw a TapbenchError; only src/cli decides the exit status.',
  },
  {
    selector: 'MemberExpression[object.name="process"][property.name=/^(exitCode|stdout|stderr)$/]',
    message: 'Only src/cli prints and sets the exit status.',
  },
];
const packedProperties = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'Write the properties plainly; split the function if it grows too long.',
};

export default tseslint.config(
  { ignores: ['dist/', 'dist.new/', 'coverage/', 'node_modules/', '.tapbench/', 'test/fixtures/', '**/*.d.ts'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: [], defaultProject: 'tsconfig.json' },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', { max: 3 }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...defaultExports, ...printingCalls, packedProperties],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // A resource that is only held has no other use.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The reason of a cast stands beside it; a cast through `unknown` is refused by review, an index signature needs brackets.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: printing,
    rules: {
      'no-console': 'off',
      'no-restricted-syntax': ['error', ...defaultExports, packedProperties],
    },
  },
  { files: longByNature, rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  // vitest reads its configuration from the default export.
  { files: ['**/vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
