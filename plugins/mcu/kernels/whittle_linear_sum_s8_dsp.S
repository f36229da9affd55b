/*
 * SMLAWB and SMLAWT multiply 32 bits by a halfword and drop 16 bits of the product: 8 are left for a byte that stands in
 * the upper half of its halfword, where a mask leaves it.
 *
 *   r0 output   r1 a   r2 b   r3 elements left   r4, r5 factors   r6 offset   r7-r12 four elements
 */
    .syntax unified
    .thumb

    .section .text.whittle_linear_sum_s8_dsp, "ax", %progbits
    .global whittle_linear_sum_s8_dsp
    .type whittle_linear_sum_s8_dsp, %function
    .p2align 2
whittle_linear_sum_s8_dsp:
    push    {r4-r10, lr}
    ldm     r0, {r4-r6, r12}
    mov     r0, r3
    subs    r3, r12, #4
    blo     .Lrest
.Lfour:
    ldr     r7, [r1], #4
    ldr     r8, [r2], #4
    lsl     r9, r7, #8
    lsl     r10, r8, #8
    and     r7, r7, #0xff00ff00
    and     r8, r8, #0xff00ff00
    and     r9, r9, #0xff00ff00
    and     r10, r10, #0xff00ff00
    smlawb  r12, r4, r9, r6
    smlawt  r9, r4, r9, r6
    smlawb  lr, r4, r7, r6
    smlawt  r7, r4, r7, r6
    smlawb  r12, r5, r10, r12
    smlawt  r9, r5, r10, r9
    smlawb  lr, r5, r8, lr
    smlawt  r7, r5, r8, r7
    ssat    r12, #8, r12, asr #20
    ssat    lr, #8, lr, asr #20
    ssat    r9, #8, r9, asr #20
    ssat    r7, #8, r7, asr #20
    bfi     r12, lr, #8, #8
    bfi     r12, r9, #16, #8
    bfi     r12, r7, #24, #8
    str     r12, [r0], #4
    subs    r3, #4
    bhs     .Lfour
.Lrest:
    adds    r3, #4
    beq     .Lend
.Lone:
    ldrb    r7, [r1], #1
    ldrb    r8, [r2], #1
    lsl     r7, r7, #8
    lsl     r8, r8, #8
    smlawb  r12, r4, r7, r6
    smlawb  r12, r5, r8, r12
    ssat    r12, #8, r12, asr #20
    strb    r12, [r0], #1
    subs    r3, #1
    bne     .Lone
.Lend:
    pop     {r4-r10, pc}
    .size whittle_linear_sum_s8_dsp, . - whittle_linear_sum_s8_dsp
