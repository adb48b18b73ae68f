package io.github.usertcp.testsuite.congestion;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.usertcp.congestion.AckSample;
import io.github.usertcp.congestion.CongestionControl;
import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The library's own algorithms keep the contract; and, rule by rule, one that does not is found out. */
class CongestionControlContractTest {
    @Nested
    class NewReno extends CongestionControlContract {
        @Override
        protected CongestionControlFactory algorithm() {
            return CongestionControls.newReno();
        }
    }

    @Nested
    class Cubic extends CongestionControlContract {
        @Override
        protected CongestionControlFactory algorithm() {
            return CongestionControls.cubic();
        }
    }

    @Nested
    class Bbr extends CongestionControlContract {
        @Override
        protected CongestionControlFactory algorithm() {
            return CongestionControls.bbr();
        }
    }

    @Nested
    class Dctcp extends CongestionControlContract {
        @Override
        protected CongestionControlFactory algorithm() {
            return CongestionControls.dctcp();
        }
    }

    @Nested
    class FixedWindow extends CongestionControlContract {
        @Override
        protected CongestionControlFactory algorithm() {
            return CongestionControls.fixedWindow(20_000);
        }
    }

    /** NewReno, spoilt where a test overrides it. */
    private static class Spoilt implements CongestionControl {
        private final CongestionControl reno = CongestionControls.newReno().create();

        @Override
        public String name() {
            return "spoilt";
        }

        @Override
        public void onEstablished(int smss, long cwndBytes, long ssthreshBytes, long nowNanos) {
            reno.onEstablished(smss, cwndBytes, ssthreshBytes, nowNanos);
        }

        @Override
        public void onAck(AckSample sample) {
            reno.onAck(sample);
        }

        @Override
        public void onEnterRecovery(long flightBytes, long nowNanos) {
            reno.onEnterRecovery(flightBytes, nowNanos);
        }

        @Override
        public void onExitRecovery(long flightBytes, long nowNanos) {
            reno.onExitRecovery(flightBytes, nowNanos);
        }

        @Override
        public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
            reno.onRetransmissionTimeout(flightBytes, first, nowNanos);
        }

        @Override
        public void onUndo(long nowNanos) {
            reno.onUndo(nowNanos);
        }

        @Override
        public void onIdleRestart(long restartWindowBytes) {
            reno.onIdleRestart(restartWindowBytes);
        }

        @Override
        public void onSmssChanged(int smss) {
            reno.onSmssChanged(smss);
        }

        @Override
        public long cwndBytes() {
            return reno.cwndBytes();
        }

        @Override
        public long ssthreshBytes() {
            return reno.ssthreshBytes();
        }
    }

    private static void assertFoundOut(Supplier<CongestionControl> spoilt, Consumer<CongestionControlContract> test) {
        CongestionControlContract contract = new CongestionControlContract() {
            @Override
            protected CongestionControlFactory algorithm() {
                return new CongestionControlFactory() {
                    @Override
                    public String name() {
                        return "spoilt";
                    }

                    @Override
                    public CongestionControl create() {
                        return spoilt.get();
                    }
                };
            }
        };
        assertThrows(AssertionError.class, () -> test.accept(contract));
    }

    @Test
    void windowBelowASegmentIsFoundOut() {
        Supplier<CongestionControl> spoilt = () -> new Spoilt() {
            @Override
            public void onSmssChanged(int smss) {
                // keeps a window for the old size
            }
        };
        assertFoundOut(spoilt, CongestionControlContract::boundsHoldWhateverHappens);
        assertFoundOut(spoilt, CongestionControlContract::windowHoldsASegmentOfAnySize);
    }

    @Test
    void windowWithoutBoundIsFoundOut() {
        Supplier<CongestionControl> spoilt = () -> new Spoilt() {
            private long grown;

            @Override
            public void onAck(AckSample sample) {
                grown += sample.ackedBytes();
            }

            @Override
            public long cwndBytes() {
                return super.cwndBytes() + grown;
            }
        };
        assertFoundOut(spoilt, CongestionControlContract::windowNeverPassesItsBound);
        assertFoundOut(spoilt, CongestionControlContract::unusedWindowDoesNotGrow);
        assertFoundOut(spoilt, CongestionControlContract::lossReduces);
        assertFoundOut(spoilt, CongestionControlContract::idleRestartNeverRaises);
    }

    @Test
    void lossThatDoesNotReduceIsFoundOut() {
        Supplier<CongestionControl> spoilt = () -> new Spoilt() {
            @Override
            public void onEnterRecovery(long flightBytes, long nowNanos) {
                // nothing
            }
        };
        assertFoundOut(spoilt, CongestionControlContract::lossReduces);
        assertFoundOut(spoilt, CongestionControlContract::congestionMarkReduces);
    }

    @Test
    void timeoutThatKeepsTheWindowIsFoundOut() {
        assertFoundOut(() -> new Spoilt() {
            @Override
            public void onRetransmissionTimeout(long flightBytes, boolean first, long nowNanos) {
                onEnterRecovery(flightBytes, nowNanos);
            }
        }, CongestionControlContract::timeoutLeavesOneSegment);
    }

    @Test
    void undoThatRestoresNothingIsFoundOut() {
        assertFoundOut(() -> new Spoilt() {
            @Override
            public void onUndo(long nowNanos) {
                // nothing
            }
        }, CongestionControlContract::undoRestores);
    }

    @Test
    void garbageIsFoundOut() {
        assertFoundOut(() -> new Spoilt() {
            private Object garbage;

            @Override
            public void onAck(AckSample sample) {
                garbage = new long[] {sample.ackedBytes()};
                super.onAck(sample);
            }

            @Override
            public long ssthreshBytes() {
                return garbage == null ? Long.MAX_VALUE : super.ssthreshBytes();
            }
        }, CongestionControlContract::acksAllocateNothing);
    }

    @Test
    void sharedStateIsFoundOut() {
        CongestionControl shared = new Spoilt();
        assertFoundOut(() -> shared, CongestionControlContract::eachConnectionHasItsOwn);
    }

    @Test
    void chanceOfItsOwnIsFoundOut() {
        int[] created = {0};
        assertFoundOut(() -> new Spoilt() {
            private final int number = created[0]++;

            @Override
            public long cwndBytes() {
                return super.cwndBytes() + number;
            }
        }, CongestionControlContract::theSameEventsGiveTheSameWindow);
    }

    @Test
    void wrongNameIsFoundOut() {
        assertFoundOut(() -> new Spoilt() {
            @Override
            public String name() {
                return "Other";
            }
        }, CongestionControlContract::hasTheNameOfItsFactory);
    }
}
