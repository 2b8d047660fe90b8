import { expect, test } from 'vitest';
import { isPrivateGroup } from './private-group.ts';

test("a group is private where it is root's, and not where it is somebody else's or nobody knows it", () => {
  expect(isPrivateGroup(0)).toBe(true);
  expect(isPrivateGroup((process.getgid?.() ?? 0) + 1)).toBe(false);
  expect(isPrivateGroup(123_456)).toBe(false);
});
