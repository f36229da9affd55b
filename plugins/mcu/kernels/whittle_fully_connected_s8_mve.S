/*
 * Eight outputs at a time: a vector of 16 inputs meets eight vectors of weights, whose products VMLADAVA.S8 sums into
 * the even general registers r0 to lr. The loop holds two such steps and is entered in its middle where their number
 * is odd. r1 input, r3 stream, r5 loop, r7 output, r9 bytes of the last, shorter step, r11 outputs left. The sums then
 * move to q0 (outputs 0 2 4 6) and q1 (1 3 5 7); whittle_conv_tiles_s8_mve.S.inc says how they are rescaled.
 */
  .syntax unified
  .thumb

/* Stack: zeros for sums, then words. */
  .set MULTIPLIER, 32
  .set SHIFT, 36
  .set ZERO_POINT, 40
  .set ONE, 44
  .set STEPS, 48
  .set STEP, 52
  .set INPUT, 56
  .set STREAM, 60
  .set OUTPUTS, 64
  .set BATCHES, 68
  .set INPUTS, 72
  .set FRAME, 76

.macro eight_steps
  vldrb.u8 q0, [r1], #16
  .irp sum, r0, r2, r4, r6, r8, r10, r12, lr
    vldrb.u8 q1, [r3], #16
    vmladava.s8 \sum, q1, q0
  .endr
.endm

.macro narrow_and_store
  vqmovnb.s32 q2, q2
  vqmovnt.s32 q2, q3
  vqadd.s16 q2, q2, r4
  vqmovnb.s16 q2, q2
  vstrb.16 q2, [r7], #8
.endm

  .section .text.whittle_fully_connected_s8_mve, "ax", %progbits
  .balign 4
  .global whittle_fully_connected_s8_mve
  .type whittle_fully_connected_s8_mve, %function
  .thumb_func
whittle_fully_connected_s8_mve:
  push {r4, r5, r6, r7, r8, r9, r10, r11, lr}
  sub sp, sp, #FRAME
  mov r7, r3
  vmov.i32 q0, #0
  vstrw.32 q0, [sp]
  vstrw.32 q0, [sp, #16]
  strd r1, r2, [sp, #INPUT]
  ldrd r2, r3, [r0]
  ldrd r4, r5, [r0, #8]
  ldrd r6, r8, [r0, #16]
  ldr r10, [r0, #24]
  strd r6, r8, [sp, #MULTIPLIER]
  movs r1, #1
  strd r10, r1, [sp, #ZERO_POINT]
  lsrs r6, r3, #4
  strd r6, r5, [sp, #STEPS]
  strd r4, r2, [sp, #OUTPUTS]
  str r3, [sp, #INPUTS]
  and r9, r3, #15
  vctp.8 r9

.Lbatch:
  ldr r3, [sp, #STREAM]
  ldr r11, [sp, #OUTPUTS]
  subs r11, r11, #8
  blo .Lrest

.Leight:
  ldr r1, [sp, #INPUT]
  ldr r5, [sp, #STEPS]
  ldm sp, {r0, r2, r4, r6, r8, r10, r12, lr}
  adds r5, r5, #1
  cmp r5, #1
  beq .Leight_tail
  lsrs r5, r5, #1
  bcc .Leight_odd
.Leight_loop:
  eight_steps
.Leight_odd:
  eight_steps
  subs r5, r5, #1
  bne .Leight_loop
.Leight_tail:
  cmp r9, #0
  beq .Leight_put
  vpst
  vldrbt.u8 q0, [r1]
  .irp sum, r0, r2, r4, r6, r8, r10, r12, lr
    vldrb.u8 q1, [r3]
    add r3, r3, r9
    vmladava.s8 \sum, q1, q0
  .endr
.Leight_put:
  vmov q0[2], q0[0], r0, r8
  vmov q0[3], q0[1], r4, r12
  vmov q1[2], q1[0], r2, r10
  vmov q1[3], q1[1], r6, lr
  vldrw.u32 q2, [r3], #16
  vadd.i32 q0, q0, q2
  vldrw.u32 q3, [r3], #16
  vadd.i32 q1, q1, q3
  ldr r8, [sp, #STEP]
  ldrd r0, r2, [sp, #MULTIPLIER]
  ldrd r4, r6, [sp, #ZERO_POINT]
  cmp r8, #0
  bne .Leight_by_channel
  vqrdmulh.s32 q2, q0, r0
  vqrdmulh.s32 q3, q1, r0
  vqdmlah.s32 q2, q0, r6
  vqdmlah.s32 q3, q1, r6
  vrshl.s32 q2, r2
  vrshl.s32 q3, r2
  narrow_and_store
  subs r11, r11, #8
  bhs .Leight
  b .Lrest
.Leight_by_channel:
  vldrw.u32 q2, [r3], #16
  vldrw.u32 q3, [r3], #16
  vqrdmulh.s32 q2, q0, q2
  vqrdmulh.s32 q3, q1, q3
  vqdmlah.s32 q2, q0, r6
  vldrb.s32 q0, [r3], #4
  vqdmlah.s32 q3, q1, r6
  vldrb.s32 q1, [r3], #4
  vrshl.s32 q2, q2, q0
  vrshl.s32 q3, q3, q1
  narrow_and_store
  subs r11, r11, #8
  bhs .Leight

.Lrest:
  adds r11, r11, #8
  beq .Lnext_batch
.Lone:
  ldr r1, [sp, #INPUT]
  ldr r5, [sp, #STEPS]
  movs r0, #0
  cbz r5, .Lone_tail
.Lone_loop:
  vldrb.u8 q0, [r1], #16
  vldrb.u8 q1, [r3], #16
  vmladava.s8 r0, q1, q0
  subs r5, r5, #1
  bne .Lone_loop
.Lone_tail:
  cmp r9, #0
  beq .Lone_put
  vpstt
  vldrbt.u8 q0, [r1]
  vldrbt.u8 q1, [r3]
  vmladava.s8 r0, q1, q0
  add r3, r3, r9
  adds r3, r3, #3
  bic r3, r3, #3
.Lone_put:
  ldr r8, [sp, #STEP]
  ldrd r10, r2, [sp, #MULTIPLIER]
  ldrd r4, r6, [sp, #ZERO_POINT]
  ldr r12, [r3], #4
  add r0, r0, r12
  cmp r8, #0
  beq .Lone_scale
  ldrd r10, r2, [r3], #8
.Lone_scale:
  vdup.32 q0, r0
  vqrdmulh.s32 q2, q0, r10
  vqdmlah.s32 q2, q0, r6
  vrshl.s32 q2, r2
  vqmovnb.s32 q2, q2
  vqadd.s16 q2, q2, r4
  vqmovnb.s16 q2, q2
  vmov.s8 r0, q2[0]
  strb r0, [r7], #1
  subs r11, r11, #1
  bne .Lone

.Lnext_batch:
  ldr r0, [sp, #INPUTS]
  ldr r1, [sp, #INPUT]
  add r1, r1, r0
  str r1, [sp, #INPUT]
  ldr r0, [sp, #BATCHES]
  subs r0, r0, #1
  str r0, [sp, #BATCHES]
  bne .Lbatch
  add sp, sp, #FRAME
  pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}
  .size whittle_fully_connected_s8_mve, . - whittle_fully_connected_s8_mve
