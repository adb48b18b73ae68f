package io.github.usertcp.testsuite.simulator.network;

/**
 * Gilbert and Elliott's loss: a link is good or bad, and changes from packet to packet. The values are probabilities per packet.
 *
 * @param toBad       that a good link turns bad
 * @param toGood      that a bad link turns good
 * @param lossInGood  that a packet is lost while the link is good
 * @param lossInBad   that a packet is lost while the link is bad
 */
public record LossModel(double toBad, double toGood, double lossInGood, double lossInBad) {
    public static final LossModel NONE = random(0);

    /** Each packet by itself. */
    public static LossModel random(double probability) {
        return new LossModel(0, 1, probability, probability);
    }

    /**
     * Runs of losses.
     *
     * @param burstPackets  mean length of a run, in packets
     * @param share         share of packets lost, in the long run
     */
    public static LossModel bursts(double burstPackets, double share) {
        double toGood = 1 / burstPackets;
        return new LossModel(toGood * share / (1 - share), toGood, 0, 1);
    }
}
