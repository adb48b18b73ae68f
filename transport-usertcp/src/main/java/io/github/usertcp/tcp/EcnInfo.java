package io.github.usertcp.tcp;

/**
 * What is known of congestion marks on one connection, in the vocabulary of Linux's {@code struct tcp_info}.
 *
 * @param mode              what the handshake has settled
 * @param seen              anything ECN-capable has arrived (TCPI_OPT_ECN_SEEN)
 * @param deliveredCe       segments of ours that arrived with a mark, as far as the peer has told; with {@link EcnMode#CLASSIC} all that an
 *                          ACK with ECE has acknowledged
 * @param receivedCe        segments that arrived here with a mark; 0 unless the mode is {@link EcnMode#ACCURATE}, as all that follow
 * @param deliveredE0Bytes  bytes of ours that arrived as ECT(0), as the peer's option tells
 * @param deliveredE1Bytes  the same as ECT(1)
 * @param deliveredCeBytes  the same with a mark
 * @param receivedE0Bytes   bytes that arrived here as ECT(0)
 * @param receivedE1Bytes   the same as ECT(1)
 * @param receivedCeBytes   the same with a mark
 */
public record EcnInfo(EcnMode mode, boolean seen, long deliveredCe, long receivedCe, long deliveredE0Bytes, long deliveredE1Bytes,
                      long deliveredCeBytes, long receivedE0Bytes, long receivedE1Bytes, long receivedCeBytes) {
}
