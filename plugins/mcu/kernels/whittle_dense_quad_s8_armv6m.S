/*
 * A weight word is h = u0 + 2^8 u1 + 2^16 u2 + 2^24 u3, u = w + 128; its odd bytes are o = u1 + 2^16 u3. Two products with
 * an input do four multiplications: over a block of inputs, p = sum of x * h and q = sum of x * o give, modulo 2^32,
 *   p - 2^8 q - z = Y0 + 2^16 Y2   and   q - z = Y1 + 2^16 Y3,   z = 128 * (1 + 2^16) * sum of x,
 * with Y the sums of x * w. These come apart as long as the lower one stays in 16 bits, which a sum of |w| below 256 ensures.
 * So at the end of a block the word is added to a total, and its upper half, once 2^15 has made the lower half positive, to
 * a total of the upper sum. Blocks whose weights are too large are split in pairs of inputs.
 *
 * The inputs lie a word apart, in up to four interleaved parts: so the weight pointer is their index.
 *
 * r0 h   r1 o   r2 x   r3 0x00ff00ff   r4 p   r5 q   r6 input base   r7 weight pointer
 * r8, r9 total and upper sum of p   r10, r11 of q   r12 sum of inputs of a pair   lr weights that need attention
 */
    .syntax unified
    .thumb

    .equ TASK_WEIGHTS, 0
    .equ TASK_SPLITS, 4
    .equ TASK_X, 8
    .equ TASK_X_SUMS, 12
    .equ TASK_PHASES, 16
    .equ TASK_PHASE_BYTES, 20
    .equ TASK_SUMS, 24

    /* Stack. */
    .equ AT_TASK, 0
    .equ AT_X_SUMS, 4
    .equ AT_PHASES, 8        /* left */
    .equ AT_PHASE_END, 12    /* weights */
    .equ AT_SPLIT, 16        /* weights of the next split block; 0 if there is none */
    .equ AT_BLOCK_END, 20
    .equ FRAME, 24

    .macro first_tap
    ldmia r7!, {r4}
    ldrsb r2, [r6, r7]
    lsrs r5, r4, #8
    ands r5, r3
    muls r4, r2, r4
    muls r5, r2, r5
    .endm

    .macro tap
    ldmia r7!, {r0}
    ldrsb r2, [r6, r7]
    lsrs r1, r0, #8
    ands r1, r3
    muls r0, r2, r0
    adds r4, r4, r0
    muls r1, r2, r1
    adds r5, r5, r1
    .endm

    .section .text.whittle_dense_quad_s8_armv6m, "ax", %progbits
    .p2align 2
    .global whittle_dense_quad_s8_armv6m
    .type whittle_dense_quad_s8_armv6m, %function
    .thumb_func
whittle_dense_quad_s8_armv6m:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    sub sp, #FRAME
    str r0, [sp, #AT_TASK]
    ldr r1, [r0, #TASK_X_SUMS]
    str r1, [sp, #AT_X_SUMS]
    ldr r1, [r0, #TASK_PHASES]
    str r1, [sp, #AT_PHASES]

    /* Totals begin with the biases, and without the 2^15 that each block adds: block bytes are 32. */
    ldr r2, [r0, #TASK_PHASE_BYTES]
    muls r1, r2, r1
    lsls r1, r1, #10
    ldr r3, [r0, #TASK_SUMS + 8]
    mov r9, r3
    lsls r3, r3, #16
    subs r3, r3, r1
    ldr r4, [r0, #TASK_SUMS]
    adds r3, r3, r4
    mov r8, r3
    ldr r3, [r0, #TASK_SUMS + 12]
    mov r11, r3
    lsls r3, r3, #16
    subs r3, r3, r1
    ldr r4, [r0, #TASK_SUMS + 4]
    adds r3, r3, r4
    mov r10, r3

    ldr r7, [r0, #TASK_WEIGHTS]
    ldr r6, [r0, #TASK_X]
    subs r6, r6, r7
    subs r6, #4
    adds r1, r7, r2
    str r1, [sp, #AT_PHASE_END]
    ldr r3, =0x00ff00ff
    bl .Lnext_split
.Lcheck:
    cmp r7, lr
    beq .Lattention
.Lblock:
    first_tap
    .rept 7
    tap
    .endr
    lsls r0, r5, #8
    subs r4, r4, r0
    ldr r0, [sp, #AT_X_SUMS]
    ldmia r0!, {r1}
    str r0, [sp, #AT_X_SUMS]
    subs r4, r4, r1
    add r8, r4
    asrs r4, r4, #16
    add r9, r4
    subs r5, r5, r1
    add r10, r5
    asrs r5, r5, #16
    add r11, r5
    cmp r7, lr
    bne .Lblock

.Lattention:
    ldr r0, [sp, #AT_PHASE_END]
    cmp r0, r7
    bne .Lsplit
    ldr r0, [sp, #AT_PHASES]
    subs r0, #1
    beq .Ldone
    str r0, [sp, #AT_PHASES]
    ldr r1, [sp, #AT_TASK]
    ldr r1, [r1, #TASK_PHASE_BYTES]
    subs r6, r6, r1
    adds r6, #1
    adds r1, r7, r1
    str r1, [sp, #AT_PHASE_END]
    bl .Lplan
    b .Lcheck

.Lsplit:
    movs r0, r7
    adds r0, #32
    str r0, [sp, #AT_BLOCK_END]
.Lpair:
    first_tap
    mov r12, r2
    tap
    add r12, r2
    lsls r0, r5, #8
    subs r4, r4, r0
    mov r0, r12
    lsls r0, r0, #7
    lsls r1, r0, #16
    adds r0, r0, r1
    subs r4, r4, r0
    subs r5, r5, r0
    add r8, r4
    add r10, r5
    movs r0, #128
    lsls r0, r0, #8
    adds r4, r4, r0
    adds r5, r5, r0
    asrs r4, r4, #16
    add r9, r4
    asrs r5, r5, #16
    add r11, r5
    ldr r1, [sp, #AT_BLOCK_END]
    cmp r1, r7
    bne .Lpair
    add r8, r0
    add r10, r0
    ldr r0, [sp, #AT_X_SUMS]
    adds r0, #4
    str r0, [sp, #AT_X_SUMS]
    bl .Lnext_split
    b .Lcheck

    /* Finds the next split block, and plans. Changes r0 to r2. */
.Lnext_split:
    ldr r2, [sp, #AT_TASK]
    ldr r0, [r2, #TASK_SPLITS]
    ldrh r1, [r0]
    adds r0, #2
    str r0, [r2, #TASK_SPLITS]
    lsls r1, r1, #5
    ldr r0, [r2, #TASK_WEIGHTS]
    adds r0, r0, r1
    str r0, [sp, #AT_SPLIT]
    /* lr is where the next split block or, before that, the phase ends. */
.Lplan:
    mov r2, lr
    ldr r0, [sp, #AT_SPLIT]
    ldr r1, [sp, #AT_PHASE_END]
    cmp r0, r1
    bls 1f
    movs r0, r1
1:
    mov lr, r0
    bx r2

.Ldone:
    ldr r0, [sp, #AT_TASK]
    str r7, [r0, #TASK_WEIGHTS]
    adds r0, #TASK_SUMS
    mov r3, r9
    lsls r1, r3, #16
    mov r2, r8
    subs r1, r2, r1
    mov r4, r11
    lsls r2, r4, #16
    mov r5, r10
    subs r2, r5, r2
    stmia r0!, {r1-r4}
    add sp, #FRAME
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
    .p2align 2
    .ltorg
    .size whittle_dense_quad_s8_armv6m, . - whittle_dense_quad_s8_armv6m
