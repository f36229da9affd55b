import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Random } from '@whittle/core';

/**
 * Importances drawn evenly from 0 to 1: the baseline that a criterion has to beat (Mittal et al. 2018 find it hard to). Draws
 * from `random.at('pruning/random NAME')` for each group, so that a group's draws don't depend on the others.
 */
export function rankAtRandom(groups: readonly ChannelGroup[], random: Random): RankedGroup[] {
  return groups.map((group) => {
    const draws = random.at(`pruning/random ${group.name}`);
    return { group, importance: Float64Array.from(group.channels, () => draws.float()) };
  });
}
