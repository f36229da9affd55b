/*
 * r0 a   r1 b   r2 output, all behind the line's end   r3 minus the elements left   r4, r5 temporary
 * r6, r7 factors   r8 base   r9 what the remainder, in the upper bits, may be
 */
    .syntax unified
    .thumb

    .section .text.whittle_add_line_s8_armv6m, "ax", %progbits
    .p2align 2
    .global whittle_add_line_s8_armv6m
    .type whittle_add_line_s8_armv6m, %function
    .thumb_func
whittle_add_line_s8_armv6m:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    push {r4, r5}
    ldr r6, [r0, #0]
    ldr r7, [r0, #4]
    ldr r4, [r0, #8]
    mov r8, r4
    ldr r4, [r0, #12]
    mov r9, r4
    movs r0, r2
    rsbs r4, r1, #0
    movs r1, r3
    ldr r2, [sp, #28]
    movs r3, r4
.Lelement:
    ldrsb r4, [r0, r3]
    muls r4, r6, r4
    ldrsb r5, [r1, r3]
    muls r5, r7, r5
    adds r4, r4, r5
    add r4, r8
    lsls r5, r4, #12
    cmp r5, r9
    bhi .Lend
    asrs r4, r4, #20
    sxtb r5, r4
    cmp r5, r4
    bne .Lsaturate
.Lstore:
    strb r4, [r2, r3]
    adds r3, #1
    bne .Lelement
.Lend:
    rsbs r0, r3, #0
    pop {r4, r5}
    mov r8, r4
    mov r9, r5
    pop {r4-r7, pc}
.Lsaturate:
    asrs r4, r4, #31
    movs r5, #127
    eors r4, r5
    b .Lstore
    .size whittle_add_line_s8_armv6m, . - whittle_add_line_s8_armv6m
