/*
 * Two outputs share a halfword: h = a + 256 * b, with the bytes a and b + (a < 0). SMLAD takes the pairs of halfwords as
 * they come from memory and sums a + 256 * b; the low bytes, sign-extended by SXTB16, sum a alone; their difference is
 * 256 times the sum of b, exact modulo 2^32. So four weights cost one SXTB16, and the inputs need no widening ahead.
 *
 * Inner loop:  r0-r3 weights   r4 sum of a   r5 sum of a + 256 b   r6, r7 likewise of c, d   r8, r9, r12 inputs
 *              r10 weights pointer   r11 input pointer   lr end of the inputs by eights
 */
    .syntax unified
    .thumb

    /* Fields of the parameters. */
    .equ INPUTS, 0
    .equ OUTPUTS, 4
    .equ BATCHES, 8

    /* Stack. */
    .equ AT_INPUT, 0         /* of this batch */
    .equ AT_END, 4           /* of its eights */
    .equ AT_SHIFTS, 8
    .equ AT_MULTIPLIERS, 12
    .equ AT_STEP, 16
    .equ AT_ROUNDING, 20
    .equ AT_OUTPUT, 24
    .equ AT_BIAS, 28
    .equ AT_LEFT, 32         /* outputs left */
    .equ AT_INPUTS, 36
    .equ AT_BATCHES, 40
    .equ AT_PARAMS, 44
    .equ AT_WEIGHTS, 48
    .equ AT_FIRST_BIAS, 52
    .equ FRAME, 60
    .equ FIRST_MULTIPLIERS, FRAME + 36
    .equ FIRST_SHIFTS, FRAME + 40
    .equ FIRST_OUTPUT, FRAME + 44

    /* Two inputs, as \x, with four outputs. */
    .macro pair w_ab, w_cd, x
    smlad   r5, \w_ab, \x, r5
    sxtb16  \w_ab, \w_ab
    smlad   r4, \w_ab, \x, r4
    smlad   r7, \w_cd, \x, r7
    sxtb16  \w_cd, \w_cd
    smlad   r6, \w_cd, \x, r6
    .endm

    /* Four inputs in \x with four outputs. */
    .macro four x
    ldm     r10!, {r0-r3}
    sxtb16  r12, \x, ror #8
    sxtb16  \x, \x
    pair    r0, r2, \x
    pair    r1, r3, r12
    .endm

    /* The output of sum \sum, with the multiplier in \m and the shift at lr[\i]; r9 is the rounding, r8 the output. */
    .macro finish sum, m, i
    smmlar  \sum, \sum, \m, \sum
    ldrb    \m, [lr, #\i]
    add     \sum, \sum, \sum, asr #31
    lsl     r11, r9, \m
    add     \sum, \sum, r11
    asr     \sum, \sum, \m
    ssat    \sum, #8, \sum, asr #1
    strb    \sum, [r8], #1
    .endm

    .section .text.whittle_fully_connected_s8_dsp, "ax", %progbits
    .global whittle_fully_connected_s8_dsp
    .type whittle_fully_connected_s8_dsp, %function
    .p2align 2
whittle_fully_connected_s8_dsp:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldm     r0, {r4-r8}
    strd    r7, r8, [sp, #AT_STEP]
    str     r1, [sp, #AT_INPUT]
    strd    r4, r6, [sp, #AT_INPUTS]
    strd    r0, r2, [sp, #AT_PARAMS]
    str     r3, [sp, #AT_FIRST_BIAS]
    ldr     r8, [sp, #FIRST_OUTPUT]
    str     r8, [sp, #AT_OUTPUT]

.Lbatch:
    ldrd    r1, r10, [sp, #AT_PARAMS]
    ldr     r3, [r1, #OUTPUTS]
    ldr     r2, [sp, #AT_FIRST_BIAS]
    strd    r2, r3, [sp, #AT_BIAS]
    ldr     r11, [sp, #AT_INPUT]
    ldr     r1, [sp, #AT_INPUTS]
    bic     r1, r1, #7
    add     r1, r11
    str     r1, [sp, #AT_END]
    ldr     r1, [sp, #FIRST_SHIFTS]
    ldr     r2, [sp, #FIRST_MULTIPLIERS]
    strd    r1, r2, [sp, #AT_SHIFTS]
    cmp     r3, #4
    blo     .Lleft_over

.Lgroup:
    ldr     r0, [sp, #AT_BIAS]
    ldm     r0!, {r4-r7}
    str     r0, [sp, #AT_BIAS]
    ldrd    r11, lr, [sp, #AT_INPUT]
    sub     r0, lr, r11
    lsls    r0, r0, #28
    bne     .Lsecond         /* an odd number of eights */
    cmp     r11, lr
    beq     .Lfours
.Lfirst:
    ldrd    r8, r9, [r11], #8
    four    r8
    four    r9
.Lsecond:
    ldrd    r8, r9, [r11], #8
    four    r8
    four    r9
    cmp     r11, lr
    blo     .Lfirst

.Lfours:
    ldr     r0, [sp, #AT_INPUTS]
    lsls    r0, r0, #29
    beq     .Lfinish
    bpl     .Lones
    ldr     r8, [r11], #4
    four    r8
.Lones:
    ldr     r3, [sp, #AT_INPUTS]
    ands    r3, r3, #3
    beq     .Lfinish
.Lone:
    ldr     r0, [r10], #4
    ldrsb   r1, [r11], #1
    smlabb  r5, r0, r1, r5
    smlatb  r7, r0, r1, r7
    sxtb16  r0, r0
    smlabb  r4, r0, r1, r4
    smlatb  r6, r0, r1, r6
    subs    r3, #1
    bne     .Lone

.Lfinish:
    sub     r5, r5, r4
    asr     r5, r5, #8
    sub     r7, r7, r6
    asr     r7, r7, #8
    ldrd    lr, r12, [sp, #AT_SHIFTS]
    ldm     r12, {r0-r3}
    ldrd    r9, r8, [sp, #AT_ROUNDING]
    finish  r4, r0, 0
    finish  r5, r1, 1
    finish  r6, r2, 2
    finish  r7, r3, 3
    str     r8, [sp, #AT_OUTPUT]
    ldr     r0, [sp, #AT_STEP]
    add     r12, r12, r0
    add     lr, lr, r0, lsr #2
    strd    lr, r12, [sp, #AT_SHIFTS]
    ldr     r0, [sp, #AT_LEFT]
    subs    r0, #4
    str     r0, [sp, #AT_LEFT]
    cmp     r0, #4
    bhs     .Lgroup

.Lleft_over:
    ldr     r0, [sp, #AT_LEFT]
    cmp     r0, #0
    beq     .Lnext_batch
.Lrow:
    ldr     r0, [sp, #AT_BIAS]
    ldr     r4, [r0], #4
    str     r0, [sp, #AT_BIAS]
    ldr     r11, [sp, #AT_INPUT]
    ldr     r3, [sp, #AT_INPUTS]
    subs    r3, #4
    blo     .Lrow_ones
.Lrow_four:
    ldr     r0, [r10], #4
    ldr     r8, [r11], #4
    sxtb16  r1, r0
    sxtb16  r0, r0, ror #8
    sxtb16  r12, r8
    sxtb16  r8, r8, ror #8
    smlad   r4, r1, r12, r4
    smlad   r4, r0, r8, r4
    subs    r3, #4
    bhs     .Lrow_four
.Lrow_ones:
    adds    r3, #4
    beq     .Lrow_finish
.Lrow_one:
    ldrsb   r0, [r10], #1
    ldrsb   r1, [r11], #1
    mla     r4, r0, r1, r4
    subs    r3, #1
    bne     .Lrow_one
.Lrow_finish:
    ldrd    lr, r12, [sp, #AT_SHIFTS]
    ldr     r0, [r12]
    ldrd    r9, r8, [sp, #AT_ROUNDING]
    finish  r4, r0, 0
    str     r8, [sp, #AT_OUTPUT]
    ldr     r0, [sp, #AT_STEP]
    add     r12, r12, r0, lsr #2
    add     lr, lr, r0, lsr #4
    strd    lr, r12, [sp, #AT_SHIFTS]
    ldr     r0, [sp, #AT_LEFT]
    subs    r0, #1
    str     r0, [sp, #AT_LEFT]
    bne     .Lrow

.Lnext_batch:
    ldrd    r1, r0, [sp, #AT_INPUTS]
    subs    r0, #1
    str     r0, [sp, #AT_BATCHES]
    beq     .Lend
    ldr     r0, [sp, #AT_INPUT]
    add     r0, r1
    str     r0, [sp, #AT_INPUT]
    b       .Lbatch

.Lend:
    add     sp, #FRAME
    pop     {r4-r11, pc}
    .size whittle_fully_connected_s8_dsp, . - whittle_fully_connected_s8_dsp
