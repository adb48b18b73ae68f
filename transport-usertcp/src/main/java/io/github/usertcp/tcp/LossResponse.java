package io.github.usertcp.tcp;

/**
 * What follows from an ACK or a timeout for the recovery: finding losses, beginning, ending and undoing
 * episodes, and telling the congestion control. The order of the steps is that of RFC 6675 section 5 and RFC 8985
 * section 6.2, with RFC 5682 where a timeout is in doubt; the phases, and what leads from one to the other, are Linux's.
 */
final class LossResponse {
    private LossResponse() {
    }

    /**
     * An ACK has been taken into scoreboard and delivery.
     *
     * @param duplicate  it is a duplicate in the sense of RFC 5681 section 2
     * @param late       it acknowledges the original of something that was sent again, not the copy (RFC 3522)
     */
    static void onAck(Tcb tcb, boolean duplicate, boolean late, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        Delivery delivery = tcb.delivery;
        tcb.rack.update(delivery, nowNanos);
        if (delivery.isReordered()) {
            tcb.rack.reordered(tcb.scoreboard.highestDelivered() - delivery.lowestReordered(), tcb.smss());
        }
        boolean bare = !delivery.isAdvanced() && !delivery.isSacked() && duplicate;
        boolean repaired = tcb.tail.acknowledged(tcb.send.una(), bare);
        boolean spurious = recovery.isProvedSpurious() || late && isEpisodeSpurious(tcb);
        if (recovery.mayUndo() && spurious) {
            undo(tcb, nowNanos);
        }
        switch (recovery.phase()) {
            case RECOVERY, CWR -> endIfRecovered(tcb, nowNanos);
            case LOSS -> afterTimeout(tcb, duplicate, nowNanos);
            default -> { }
        }
        if (!tcb.negotiated.sack()) {
            withoutSack(tcb, duplicate);
        } else if (!late || recovery.phase() != LossRecovery.Phase.RECOVERY) {
            detect(tcb, nowNanos); // while originals still come in late, more copies would be as spurious
        }
        settlePhase(tcb, repaired, nowNanos);
        tcb.deliveryRate.lost(delivery.lostBytes());
    }

    /** RFC 6675 section 5 step A, RFC 6582 section 3.2 step 3: everything outstanding when the episode began is acknowledged. */
    private static void endIfRecovered(Tcb tcb, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        boolean repairs = recovery.phase() == LossRecovery.Phase.RECOVERY;
        // A reduction is held until something newer is acknowledged: the segment that tells the peer of it (RFC 3168 6.1.2) comes first.
        if (tcb.send.una() < recovery.recover() + (repairs ? 0 : 1)) {
            return;
        }
        recovery.end();
        tcb.eifel.end();
        if (repairs) {
            tcb.rack.recoveryEnded();
        }
        tcb.congestion.onExitRecovery(tcb.scoreboard.pipe(tcb.send), nowNanos);
    }

    private static void afterTimeout(Tcb tcb, boolean duplicate, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        boolean recovered = tcb.send.una() >= recovery.recover();
        recovery.newDataFirst(false, 0);
        if (recovery.isTimeoutInDoubt()) {
            inDoubt(tcb, duplicate, recovered, nowNanos);
        }
        if (recovered && recovery.phase() == LossRecovery.Phase.LOSS) {
            recovery.end();
            tcb.eifel.end();
            tcb.rack.recoveryEnded();
        }
    }

    /**
     * RFC 5682 section 3.1, or section 2.1 without SACK. After a timeout the first segment alone is sent again. If its ACK acknowledges
     * more, send new data and look at the next ACK: data that was never sent again, arriving now, is proof that nothing had been lost.
     */
    private static void inDoubt(Tcb tcb, boolean duplicate, boolean recovered, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        Delivery delivery = tcb.delivery;
        boolean newDataOut = tcb.send.nxt() > recovery.recover();
        // Without SACK the first ACK may cover what had arrived long before the timeout.
        if (delivery.hasOriginal() && (tcb.negotiated.sack() || newDataOut)) {
            undo(tcb, nowNanos); // step 3b
        } else if (newDataOut) {
            if (duplicate || delivery.isSacked()) {
                recovery.timeoutDecided(); // step 3a
            }
        } else if (delivery.isAdvanced() && !recovered) {
            boolean canSendNew = tcb.sendQueue.end() > tcb.send.nxt() && tcb.send.usableWindow() > 0;
            if (canSendNew) {
                recovery.newDataFirst(true, tcb.send.nxt()); // step 2b
            } else {
                recovery.timeoutDecided();
            }
        }
    }

    /**
     * RFC 4015 section 3, for several segments sent again: all of it was a mistake if no copy is on its way any more, or everything is
     * acknowledged; else what the others tell is awaited. A timeout was one as soon as the first original arrives.
     */
    private static boolean isEpisodeSpurious(Tcb tcb) {
        return switch (tcb.recovery.phase()) {
            case RECOVERY -> tcb.scoreboard.resentBytes() == 0 || tcb.send.una() >= tcb.recovery.recover();
            case LOSS -> true;
            default -> false;
        };
    }

    private static void undo(Tcb tcb, long nowNanos) {
        tcb.scoreboard.loseNothing(tcb.send.una());
        if (tcb.send.outstanding() > 0) {
            Timeouts.startRetransmit(tcb, nowNanos); // it has expired, and the segment that would have set it again need not leave
        }
        boolean restore = tcb.recovery.mayUndo(); // else the window had been reduced for a mark before, and rightly
        tcb.recovery.undone();
        tcb.eifel.end();
        if (tcb.recovery.phase() != LossRecovery.Phase.OPEN) {
            tcb.recovery.end();
        }
        if (restore) {
            tcb.congestion.onUndo(nowNanos);
            tcb.ecn.reductionUndone();
        }
    }

    // ---- finding losses

    private static void detect(Tcb tcb, long nowNanos) {
        boolean byTime = tcb.config.timeBasedLossDetection() && tcb.rack.hasSample();
        long wait = byTime ? tcb.rack.detect(tcb, tcb.delivery, nowNanos) : Rack.NONE;
        if (!byTime) {
            countSacked(tcb);
        }
        if (wait == Rack.NONE) {
            tcb.timers.stop(Timer.REORDER);
        } else {
            tcb.timers.set(Timer.REORDER, nowNanos + wait);
        }
    }

    /** RFC 6675 section 4, IsLost, before RACK has measured anything: lost is what more than two segments' worth lies beyond. */
    private static void countSacked(Tcb tcb) {
        int threshold = LossRecovery.DUPLICATE_THRESHOLD;
        long beyond = tcb.scoreboard.sacked().startOfTail(threshold, (threshold - 1L) * tcb.smss());
        if (beyond != SequenceRanges.NONE) {
            tcb.delivery.lost(tcb.scoreboard.lose(beyond, tcb.send.nxt()));
        }
    }

    /** RFC 6582: three duplicates say that the first segment is lost, a partial acknowledgment that the next one is. */
    private static void withoutSack(Tcb tcb, boolean duplicate) {
        LossRecovery recovery = tcb.recovery;
        Scoreboard board = tcb.scoreboard;
        if (tcb.delivery.isAdvanced()) {
            recovery.forgetDuplicates();
            if (recovery.phase() == LossRecovery.Phase.RECOVERY) {
                loseHead(tcb); // section 3.2 step 3, partial acknowledgment
            } else {
                board.forgetLeft();
            }
        } else if (duplicate && recovery.phase() != LossRecovery.Phase.LOSS) {
            board.duplicate(tcb.send, tcb.smss());
            tcb.delivery.add(tcb.smss(), false);
            if (recovery.duplicate(tcb.send.una()) && recovery.phase() != LossRecovery.Phase.RECOVERY) {
                loseHead(tcb);
            }
        }
    }

    private static void loseHead(Tcb tcb) {
        long head = Math.min(tcb.send.una() + tcb.smss(), tcb.send.nxt());
        tcb.delivery.lost(tcb.scoreboard.lose(head, tcb.send.nxt()));
    }

    // ---- episodes

    private static void settlePhase(Tcb tcb, boolean repaired, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        if (recovery.phase().isRecovering()) {
            return;
        }
        if (tcb.scoreboard.hasLost()) {
            if (!MtuProbes.explainLoss(tcb)) {
                enterRecovery(tcb, nowNanos);
            }
        } else if (repaired && recovery.phase() != LossRecovery.Phase.CWR) {
            // RFC 8985 section 7.4.2: a loss is a loss, also one that a probe has repaired.
            tcb.congestion.onCongestionExperienced(Math.min(tcb.send.outstanding(), tcb.cwndBytes()), nowNanos);
            tcb.ecn.windowReduced();
            tcb.congestion.onExitRecovery(tcb.scoreboard.pipe(tcb.send), nowNanos);
        } else if (recovery.phase() != LossRecovery.Phase.CWR) {
            recovery.disorder(tcb.scoreboard.sackedBytes() > 0);
        }
    }

    private static void enterRecovery(Tcb tcb, long nowNanos) {
        boolean reducedAlready = tcb.recovery.phase() == LossRecovery.Phase.CWR;
        if (!reducedAlready) {
            // RFC 5681 3.2 step 2: what limited transmit has sent beyond cwnd is not counted.
            long flight = Math.min(tcb.send.outstanding(), tcb.cwndBytes());
            tcb.recovery.reduction.start(tcb.cwndBytes());
            tcb.recovery.markForUndo(tcb.send.una(), 0);
            tcb.congestion.onEnterRecovery(flight, nowNanos);
            tcb.ecn.windowReduced();
        }
        tcb.eifel.begin();
        tcb.recovery.enter(LossRecovery.Phase.RECOVERY, tcb.send.nxt());
        tcb.timers.stop(Timer.LOSS_PROBE);
    }

    /** Congestion without a loss to repair: the window comes down, at most once a round trip. */
    static void reduceWithoutLoss(Tcb tcb, long nowNanos) {
        if (tcb.recovery.phase().isRecovering() || tcb.recovery.phase() == LossRecovery.Phase.CWR) {
            return;
        }
        long flight = Math.min(tcb.send.outstanding(), tcb.cwndBytes());
        tcb.recovery.reduction.start(tcb.cwndBytes());
        tcb.congestion.onCongestionExperienced(flight, nowNanos);
        tcb.ecn.windowReduced();
        tcb.recovery.forgetUndo(); // what would be restored is from before this reduction, not from before an earlier one
        tcb.recovery.enter(LossRecovery.Phase.CWR, tcb.send.nxt());
    }

    /**
     * Everything up to {@code upTo} was larger than the path carries and goes again, in smaller segments. Until that has arrived losses are
     * not looked for, as after a timeout, but the window stays, as in Linux (tcp_simple_retransmit): packets that were too big say nothing
     * about congestion (RFC 1191 section 6.5, RFC 8201 section 5.4).
     */
    static void onTooBig(Tcb tcb, long upTo) {
        Scoreboard board = tcb.scoreboard;
        board.loseAllCopies(tcb.send.una());
        tcb.records.copies().clear();
        board.lose(upTo, tcb.send.nxt());
        if (tcb.recovery.phase() != LossRecovery.Phase.LOSS) {
            tcb.recovery.enter(LossRecovery.Phase.LOSS, tcb.send.nxt());
        }
        tcb.recovery.forgetUndo();
        tcb.tail.forget();
        tcb.timers.stop(Timer.LOSS_PROBE);
        tcb.timers.stop(Timer.REORDER);
    }

    // ---- timers

    /** RACK's timer: what had the time it was given is lost now. */
    static void onReorderTimeout(Tcb tcb, long nowNanos) {
        tcb.delivery.start(false, tcb.scoreboard.highestDelivered(), nowNanos);
        detect(tcb, nowNanos);
        boolean wasReducing = tcb.recovery.phase().isReducing();
        settlePhase(tcb, false, nowNanos);
        tcb.deliveryRate.lost(tcb.delivery.lostBytes());
        // In the middle of an episode the window stays, and what was found lost makes room in it (Linux tcp_rack_reo_timeout).
        if (!wasReducing && tcb.recovery.phase().isReducing()) {
            tcb.recovery.reduction.onAck(tcb.delivery, tcb.scoreboard.pipe(tcb.send), tcb.congestion.ssthreshBytes(), tcb.smss());
        }
    }

    /** RFC 6298 section 5.4 to 5.6, RFC 8985 section 6.3: the retransmission timer expired. */
    static void onTimeout(Tcb tcb, long nowNanos) {
        LossRecovery recovery = tcb.recovery;
        Scoreboard board = tcb.scoreboard;
        LossRecovery.Phase before = recovery.phase();
        boolean again = recovery.timeouts() > 0;
        // The window is reduced once for what is outstanding: not by each timeout, nor by one that ends a recovery or the answer to a mark.
        boolean reduce = !again && !before.isReducing();
        if (reduce) {
            tcb.eifel.begin();
            recovery.markForUndo(tcb.send.una(), board.resentBytes());
        }
        tcb.ecn.windowReduced(); // to one segment, each time (RFC 3168 section 6.1.2)
        tcb.congestion.onRetransmissionTimeout(Math.min(tcb.send.outstanding(), tcb.cwndBytes()), reduce, nowNanos);
        if (board.sacked().contains(tcb.send.una())) {
            board.renege(tcb.send.una());
        }
        board.loseAllCopies(tcb.send.una());
        tcb.records.copies().clear();
        tcb.delivery.start(false, board.highestDelivered(), nowNanos);
        if (tcb.negotiated.sack()) {
            tcb.rack.detectOnTimeout(tcb, tcb.delivery, nowNanos);
        } else {
            board.forgetLeft();
            tcb.delivery.lost(board.lose(tcb.send.nxt(), tcb.send.nxt()));
        }
        tcb.deliveryRate.lost(tcb.delivery.lostBytes());
        boolean inDoubt = tcb.config.forwardRto() && (!before.isRecovering() || again);
        recovery.timeout(tcb.send, inDoubt);
        tcb.tail.forget();
        tcb.outbox.lossProbeDue(false);
        tcb.timers.stop(Timer.LOSS_PROBE);
        tcb.timers.stop(Timer.REORDER);
    }
}
