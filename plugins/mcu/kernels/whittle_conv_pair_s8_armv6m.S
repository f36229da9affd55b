/*
 * A MULS does two multiplications here: an input word holds x0 + (x1 << 16) of two pixels, and its product with a weight
 * is w * x0 + ((w * x1) << 16). Sums of such products keep apart as long as the lower one stays in 16 bits, which the
 * sum of |w| decides: below 256 nothing can overflow. So taps go in groups; at the end of a group its sum p is added to
 * a total, its upper half to a second total of the second pixel, and p starts anew at 0x8000, which keeps the lower half
 * positive. In the end the first pixel's sum is total - (second << 16).
 *
 * The weights are unpacked once for all tiles, to a stream of words that the loop reads by LDM:
 *   total0, second0, total1, second1       what the totals of both channels start with, the biases included
 *   0x8000, 0x8000, address                a group: what both p start with, and where in a chain of tap pairs to begin
 *   w0 w1 w0' w1' ...                      weights of the tap pairs, both channels in turn
 *   0x8000, 0x8000, next_run, advance, address    a group that begins a run elsewhere in the input
 *   0x8000, 0x8000, finish
 *
 * Inner loop:  r0, r1 p of both channels   r2, r3 weights   r4, r5 inputs   r6 input pointer   r7 stream pointer
 *              r8-r11 totals as above      r12 input of the tile            lr distance of tiles
 */
#include "whittle_scale_armv6m.S.inc"

    .syntax unified
    .thumb

    .equ TASK_WEIGHTS, 0
    .equ TASK_STREAM, 4
    .equ TASK_RUNS, 8
    .equ TASK_RUN_PAIRS, 12
    .equ TASK_ADVANCE, 16
    .equ TASK_X, 20
    .equ TASK_X_STEP, 24
    .equ TASK_X_ROW, 28
    .equ TASK_X_LAST, 32
    .equ TASK_ROWS, 36
    .equ TASK_OUTPUT, 40
    .equ TASK_OUTPUT_STEP, 44
    .equ TASK_OUTPUT_ROW, 48
    .equ TASK_SECOND, 52
    .equ TASK_LAST_SECOND, 56
    .equ TASK_SECOND_CHANNEL, 60
    .equ TASK_FORM, 64
    .equ TASK_BIAS, 68
    .equ TASK_SCALERS, 76
    .equ SCALER_BYTES, 40

    /* Stack. */
    .equ AT_TASK, 0
    .equ AT_STREAM, 4
    .equ AT_OUTPUT, 8        /* of the tile */
    .equ AT_OUTPUT_STEP, 12
    .equ AT_SECOND, 16
    .equ AT_LAST, 20         /* input of the tile that needs attention: the last, then the one behind it */
    .equ AT_DONE, 24         /* input behind the last tile */
    .equ AT_SCALERS, 28
    .equ AT_SECOND_CHANNEL, 32
    .equ AT_ROWS, 36         /* rows left; while unpacking: runs left */
    .equ AT_X, 40            /* input of the row */
    .equ AT_ROW_OUTPUT, 44
    .equ FRAME, 48

    .equ MAX_PAIRS, 8
    .equ PAIR_CODE, 22       /* bytes of a tap pair in the chain */

    .section .text.whittle_conv_pair_s8_armv6m, "ax", %progbits
    .p2align 2
    .global whittle_conv_pair_s8_armv6m
    .type whittle_conv_pair_s8_armv6m, %function
    .thumb_func
whittle_conv_pair_s8_armv6m:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    sub sp, #FRAME
    str r0, [sp, #AT_TASK]

    /*
     * Unpacking. r0 weights   r1-r3 temporary   r4 0x00ff00ff   r5 sums of |w| of both channels, in halves
     * r6 from   r7 to   r8 where the group's address goes   r9 end of the run   r10 where a group must end
     * r11 groups   r12 0x01010101
     */
    ldr r6, [r0, #TASK_WEIGHTS]
    ldr r7, [r0, #TASK_STREAM]
    str r7, [sp, #AT_STREAM]
    adds r7, #16
    ldr r1, [r0, #TASK_RUNS]
    str r1, [sp, #AT_ROWS]
    ldr r4, =0x00ff00ff
    ldr r1, =0x01010101
    mov r12, r1
    movs r1, #0
    mov r11, r1
    bl .Lopen
    b .Lrun
.Lnext_unpacked:
    bl .Lclose
    movs r2, #128
    lsls r2, r2, #8
    movs r3, r2
    ldr r5, =.Lnext_run
    ldr r0, [sp, #AT_TASK]
    ldr r0, [r0, #TASK_ADVANCE]
    stmia r7!, {r2, r3, r5}
    stmia r7!, {r0}
    mov r8, r7
    adds r7, #4
    movs r2, #(16 * MAX_PAIRS)
    adds r2, r2, r7
    mov r10, r2
.Lrun:
    movs r5, #0
    ldr r0, [sp, #AT_TASK]
    ldr r0, [r0, #TASK_RUN_PAIRS]
    lsls r0, r0, #2
    adds r0, r0, r6
    mov r9, r0
.Lword:
    ldmia r6!, {r0}
    /* |w| of four bytes: the sign bits, as masks, flip and add one. */
    lsrs r1, r0, #7
    mov r2, r12
    ands r1, r2
    lsls r2, r1, #8
    subs r2, r2, r1
    eors r2, r0
    adds r2, r2, r1
    lsrs r1, r2, #8
    ands r1, r4
    ands r2, r4
    adds r1, r1, r2
    adds r5, r5, r1
    movs r2, r5
    bics r2, r4
    bne .Lregroup
    cmp r10, r7
    beq .Lregroup
.Lput:
    lsls r1, r0, #8
    asrs r1, r1, #24
    lsls r2, r0, #16
    asrs r2, r2, #24
    asrs r3, r0, #24
    sxtb r0, r0
    stmia r7!, {r0-r3}
    cmp r6, r9
    bne .Lword
    ldr r0, [sp, #AT_ROWS]
    subs r0, #1
    str r0, [sp, #AT_ROWS]
    bne .Lnext_unpacked
    bl .Lclose
    b .Lstart

.Lregroup:
    bl .Lclose
    movs r5, r1
    bl .Lopen
    b .Lput

    /* Begins a group. Changes r2, r3. */
.Lopen:
    movs r2, #128
    lsls r2, r2, #8
    movs r3, r2
    stmia r7!, {r2, r3}
    mov r8, r7
    adds r7, #4
    movs r2, #(16 * MAX_PAIRS)
    adds r2, r2, r7
    mov r10, r2
    bx lr

    /* Ends a group: its address is that many pairs before the end of the chain. Changes r2, r3, r5. */
.Lclose:
    mov r2, r8
    subs r3, r7, r2
    subs r3, #4
    lsrs r3, r3, #4
    movs r5, #PAIR_CODE
    muls r3, r5, r3
    ldr r5, =.Lchain_end
    subs r5, r5, r3
    str r5, [r2]
    movs r2, #1
    add r11, r2
    bx lr

    .p2align 2
    .ltorg

    /* The end of the stream, and its beginning. */
.Lstart:
    ldr r4, [sp, #AT_TASK]
    movs r2, #128
    lsls r2, r2, #8
    movs r3, r2
    ldr r0, =.Lforms
    ldr r5, [r4, #TASK_FORM]
    lsls r5, r5, #2
    ldr r5, [r0, r5]
    stmia r7!, {r2, r3, r5}
    ldr r1, [r4, #TASK_BIAS]
    ldr r3, [r4, #TASK_BIAS + 4]
    mov r5, r11
    lsls r5, r5, #15
    lsls r0, r1, #16
    adds r0, r0, r1
    subs r0, r0, r5
    lsls r2, r3, #16
    adds r2, r2, r3
    subs r2, r2, r5
    ldr r7, [sp, #AT_STREAM]
    stmia r7!, {r0-r3}

    ldr r0, [r4, #TASK_ROWS]
    str r0, [sp, #AT_ROWS]
    ldr r0, [r4, #TASK_X]
    str r0, [sp, #AT_X]
    ldr r0, [r4, #TASK_OUTPUT]
    str r0, [sp, #AT_ROW_OUTPUT]
    ldr r0, [r4, #TASK_OUTPUT_STEP]
    str r0, [sp, #AT_OUTPUT_STEP]
    ldr r0, [r4, #TASK_SECOND_CHANNEL]
    str r0, [sp, #AT_SECOND_CHANNEL]
    ldr r0, [r4, #TASK_X_STEP]
    mov lr, r0
    movs r0, r4
    adds r0, #TASK_SCALERS
    str r0, [sp, #AT_SCALERS]
    b .Lrow
    .ltorg

.Lrow_done:
    ldr r0, [sp, #AT_ROWS]
    subs r0, #1
    str r0, [sp, #AT_ROWS]
    bne 1f
    add sp, #FRAME
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
1:
    ldr r4, [sp, #AT_TASK]
    ldr r0, [sp, #AT_X]
    ldr r1, [r4, #TASK_X_ROW]
    adds r0, r0, r1
    str r0, [sp, #AT_X]
    ldr r0, [sp, #AT_ROW_OUTPUT]
    ldr r1, [r4, #TASK_OUTPUT_ROW]
    adds r0, r0, r1
    str r0, [sp, #AT_ROW_OUTPUT]
.Lrow:
    ldr r0, [sp, #AT_ROW_OUTPUT]
    str r0, [sp, #AT_OUTPUT]
    ldr r0, [r4, #TASK_SECOND]
    str r0, [sp, #AT_SECOND]
    ldr r0, [sp, #AT_X]
    mov r12, r0
    ldr r1, [r4, #TASK_X_LAST]
    adds r0, r0, r1
    str r0, [sp, #AT_LAST]
    add r0, lr
    str r0, [sp, #AT_DONE]
    b .Lcheck

.Lattention:
    ldr r1, [sp, #AT_DONE]
    cmp r0, r1
    beq .Lrow_done
    str r1, [sp, #AT_LAST]
    ldr r0, [sp, #AT_TASK]
    ldr r0, [r0, #TASK_LAST_SECOND]
    str r0, [sp, #AT_SECOND]
    b .Ltile

.Lnext_tile:
    add r12, lr
.Lcheck:
    ldr r0, [sp, #AT_LAST]
    cmp r12, r0
    beq .Lattention
.Ltile:
    mov r6, r12
    ldr r7, [sp, #AT_STREAM]
    ldmia r7!, {r0-r3}
    mov r8, r0
    mov r9, r1
    mov r10, r2
    mov r11, r3
    ldmia r7!, {r0-r2}
    mov pc, r2

.Lnext_run:
    ldmia r7!, {r2, r3}
    adds r6, r6, r2
    mov pc, r3

    .rept MAX_PAIRS
    ldmia r6!, {r4, r5}
    ldmia r7!, {r2, r3}
    muls r2, r4, r2
    adds r0, r0, r2
    muls r3, r4, r3
    adds r1, r1, r3
    ldmia r7!, {r2, r3}
    muls r2, r5, r2
    adds r0, r0, r2
    muls r3, r5, r3
    adds r1, r1, r3
    .endr
.Lchain_end:
    add r8, r0
    asrs r0, r0, #16
    add r9, r0
    add r10, r1
    asrs r1, r1, #16
    add r11, r1
    ldmia r7!, {r0-r2}
    mov pc, r2

    .macro finish name, digit_bits, last_bits, long, signed
.Lfinish_\name:
    mov r0, r11
    mov r1, r10
    lsls r2, r0, #16
    subs r1, r1, r2
    ldr r7, [sp, #AT_SCALERS]
    scale \digit_bits, \last_bits, \long, \signed
    ldr r0, [sp, #AT_OUTPUT]
    ldr r1, [sp, #AT_SECOND_CHANNEL]
    adds r0, r0, r1
    ldr r1, [sp, #AT_SECOND]
    saturate r2, second_\name
    strb r2, [r0, r1]
    saturate r5, second_\name
    strb r5, [r0]
    mov r0, r9
    mov r1, r8
    lsls r2, r0, #16
    subs r1, r1, r2
    ldr r7, [sp, #AT_SCALERS]
    adds r7, #SCALER_BYTES
    scale \digit_bits, \last_bits, \long, \signed
    ldr r0, [sp, #AT_OUTPUT]
    ldr r1, [sp, #AT_SECOND]
    saturate r2, first_\name
    strb r2, [r0, r1]
    ldr r1, [sp, #AT_OUTPUT_STEP]
    adds r1, r0, r1
    str r1, [sp, #AT_OUTPUT]
    saturate r5, first_\name
    strb r5, [r0]
    b .Lnext_tile
    saturate_outside r2, second_\name
    saturate_outside r5, second_\name
    saturate_outside r2, first_\name
    saturate_outside r5, first_\name
    .endm

    finish short_unsigned, 11, 9, 0, 0
    finish short_signed, 11, 9, 0, 1
    finish long_signed, 5, 6, 1, 1

    .p2align 2
    .ltorg
.Lforms:
    .word .Lfinish_short_unsigned, .Lfinish_short_signed, .Lfinish_long_signed
    .size whittle_conv_pair_s8_armv6m, . - whittle_conv_pair_s8_armv6m
