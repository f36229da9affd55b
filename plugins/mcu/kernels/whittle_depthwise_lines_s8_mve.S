/*
 * Four rows at a time: a gather takes a word of four channels from each of four columns; the 64 bytes of four rows
 * come back from the stack de-interleaved by fours, which is a vector for each channel's line.
 *
 *   r1 image row, r6 bytes of a row, r3 r8 r9 r11 lines, r10 the 64 bytes, lr loop
 *   q4 q5 byte offsets of the columns in a row and in the next, q6 zero points, P0 columns outside the image
 */
  .syntax unified
  .thumb

/* Outside the image the column at its edge is read and replaced. */
.macro four_rows outside
  vldrw.u32 q0, [r1, q4]
  vldrw.u32 q1, [r1, q5]
  add r1, r1, r6, lsl #1
  vldrw.u32 q2, [r1, q4]
  vldrw.u32 q3, [r1, q5]
  add r1, r1, r6, lsl #1
  .if \outside
    vpsel q0, q6, q0
    vpsel q1, q6, q1
    vpsel q2, q6, q2
    vpsel q3, q6, q3
  .endif
  vstrw.32 q0, [r10]
  vstrw.32 q1, [r10, #16]
  vstrw.32 q2, [r10, #32]
  vstrw.32 q3, [r10, #48]
  vld40.8 {q0, q1, q2, q3}, [r10]
  vld41.8 {q0, q1, q2, q3}, [r10]
  vld42.8 {q0, q1, q2, q3}, [r10]
  vld43.8 {q0, q1, q2, q3}, [r10]
  vstrb.8 q0, [r3], #16
  vstrb.8 q1, [r8], #16
  vstrb.8 q2, [r9], #16
  vstrb.8 q3, [r11], #16
.endm

  .section .text.whittle_depthwise_lines_s8_mve, "ax", %progbits
  .balign 4
  .global whittle_depthwise_lines_s8_mve
  .type whittle_depthwise_lines_s8_mve, %function
  .thumb_func
whittle_depthwise_lines_s8_mve:
  push {r4, r5, r6, r7, r8, r9, r10, r11, lr}
  vpush {d8, d9, d10, d11, d12, d13}
  sub sp, sp, #68
  mov r10, sp
  ldrd r4, r5, [r0]
  ldrd r6, r7, [r0, #8]
  ldrd r8, r9, [r0, #16]
  vdup.8 q6, r9
  add r9, r3, r8, lsl #1
  add r11, r9, r8
  add r8, r8, r3
  movs r0, #0
  vidup.u32 q4, r0, #1
  vadd.i32 q4, q4, r2
  subs r5, r5, #1
  vcmp.u32 hi, q4, r5
  vmov.i32 q0, #0
  vdup.32 q1, r5
  vmax.s32 q4, q4, q0
  vmin.s32 q4, q4, q1
  vmul.i32 q4, q4, r4
  vadd.i32 q5, q4, r6
  vmrs r5, p0
  uxth r5, r5
  and r2, r7, #3
  lsrs r4, r7, #2
.Lblocks:
  dls lr, r4
  cbnz r5, .Loutside
.Linside_loop:
  four_rows 0
  le lr, .Linside_loop
  b .Lrest
.Loutside:
  four_rows 1
  le lr, .Loutside
.Lrest:
  cbz r2, .Ldone
  /* The last four rows, some of them again. */
  rsb r2, r2, #4
  mls r1, r2, r6, r1
  sub r3, r3, r2, lsl #2
  sub r8, r8, r2, lsl #2
  sub r9, r9, r2, lsl #2
  sub r11, r11, r2, lsl #2
  movs r2, #0
  movs r4, #1
  b .Lblocks
.Ldone:
  add sp, sp, #68
  vpop {d8, d9, d10, d11, d12, d13}
  pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}
  .size whittle_depthwise_lines_s8_mve, . - whittle_depthwise_lines_s8_mve
