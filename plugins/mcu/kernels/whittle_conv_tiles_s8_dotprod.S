/*
 * Five pixels by sixteen channels: 20 accumulators of four channels. An SDOT multiplies four bytes of a pixel, a lane of
 * its vector of 16, with four bytes of each of four channels. A last block of up to eight channels takes half of them.
 *
 *   v0-v19   sums: pixel p in v(4p) to v(4p + 3)   v20-v24  16 bytes of the five pixels
 *   v28-v31  weights of sixteen channels           later: v20-v23 multipliers, v24-v27 shifts, v28-v31 clamp, zero point
 *   x6-x10   pixels                    x2   stream             x14  bytes of a step's weights, 4 * channels of the block
 *   x15      offset into a pixel       x3   output             w4   count
 *   x16, w17 offsets of runs left      w1   slices left        w5   channels left
 *   x11      constants of the block    w12, w13  slices of 16 bytes in a run, steps behind them
 */

/* The sums of five pixels and four channels, whose weights are in `w`. */
.macro multiply w, lane, p0, p1, p2, p3, p4
  sdot v\p0\().4s, v\w\().16b, v20.4b[\lane]
  sdot v\p1\().4s, v\w\().16b, v21.4b[\lane]
  sdot v\p2\().4s, v\w\().16b, v22.4b[\lane]
  sdot v\p3\().4s, v\w\().16b, v23.4b[\lane]
  sdot v\p4\().4s, v\w\().16b, v24.4b[\lane]
.endm

/* The next four bytes of every pixel, which lie in `lane`, times `channels` channels. */
.macro step lane, channels
  .if \channels == 16
  ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [x2], x14
  .else
  ld1 {v28.16b, v29.16b}, [x2], x14
  .endif
  multiply 28, \lane, 0, 4, 8, 12, 16
  multiply 29, \lane, 1, 5, 9, 13, 17
  .if \channels == 16
  multiply 30, \lane, 2, 6, 10, 14, 18
  multiply 31, \lane, 3, 7, 11, 15, 19
  .endif
.endm

.macro load_pixels
  ldr q20, [x6, x15]
  ldr q21, [x7, x15]
  ldr q22, [x8, x15]
  ldr q23, [x9, x15]
  ldr q24, [x10, x15]
.endm

/* Sums of a block: from the biases, over all runs. */
.macro sum_runs channels
  .if \channels == 16
  ld1 {v0.4s, v1.4s, v2.4s, v3.4s}, [x2]
  ld1 {v4.4s, v5.4s, v6.4s, v7.4s}, [x2]
  ld1 {v8.4s, v9.4s, v10.4s, v11.4s}, [x2]
  ld1 {v12.4s, v13.4s, v14.4s, v15.4s}, [x2]
  ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [x2]
  .else
  ldp q0, q1, [x2]
  ldp q4, q5, [x2]
  ldp q8, q9, [x2]
  ldp q12, q13, [x2]
  ldp q16, q17, [x2]
  .endif
  add x11, x2, x14
  add x2, x11, x14
  add x2, x2, x14, lsr #2
  ldr x16, [x0]
  ldr w17, [x0, #8]
.Lrun\channels:
  ldrsw x15, [x16], #4
  cbz w12, .Lrest\channels
  mov w1, w12
.Lslice\channels:
  load_pixels
  step 0, \channels
  step 1, \channels
  add x15, x15, #16
  step 2, \channels
  step 3, \channels
  subs w1, w1, #1
  b.ne .Lslice\channels
.Lrest\channels:
  cbz w13, .Lrun_end\channels
  load_pixels
  step 0, \channels
  cmp w13, #2
  b.lo .Lrun_end\channels
  step 1, \channels
  b.eq .Lrun_end\channels
  step 2, \channels
.Lrun_end\channels:
  subs w17, w17, #1
  b.ne .Lrun\channels
.endm

/* Multipliers and shifts of a block. */
.macro load_scaling channels
  ldr q27, [x11, x14]
  .if \channels == 16
  ld1 {v20.4s, v21.4s, v22.4s, v23.4s}, [x11]
  sshll2 v26.8h, v27.16b, #0
  .else
  ldp q20, q21, [x11]
  .endif
  sshll v24.8h, v27.8b, #0
  sshll2 v25.4s, v24.8h, #0
  sshll v24.4s, v24.4h, #0
  .if \channels == 16
  sshll2 v27.4s, v26.8h, #0
  sshll v26.4s, v26.4h, #0
  .endif
.endm

/* Eight channels of a pixel to int16 in `a`. Unless `floor`, the sign turns halves up into halves away from zero. */
.macro scale a, b, multiplier_a, multiplier_b, shift_a, shift_b, floor
  sqrdmulh v\a\().4s, v\a\().4s, v\multiplier_a\().4s
  sqrdmulh v\b\().4s, v\b\().4s, v\multiplier_b\().4s
  .if \floor == 0
  ssra v\a\().4s, v\a\().4s, #31
  ssra v\b\().4s, v\b\().4s, #31
  .endif
  srshl v\a\().4s, v\a\().4s, v\shift_a\().4s
  srshl v\b\().4s, v\b\().4s, v\shift_b\().4s
  sqxtn v\a\().4h, v\a\().4s
  sqxtn2 v\a\().8h, v\b\().4s
  .if \floor == 0
  sqadd v\a\().8h, v\a\().8h, v28.8h
  .endif
.endm

/* The outputs of a pixel in `a`. With a zero point of -128, what is below zero ends at -128, however it was rounded. */
.macro finish a, b, c, d, channels, floor
  scale \a, \b, 20, 21, 24, 25, \floor
  .if \channels == 16
  scale \c, \d, 22, 23, 26, 27, \floor
  .endif
  .if \floor
  sqxtun v\a\().8b, v\a\().8h
  .if \channels == 16
  sqxtun2 v\a\().16b, v\c\().8h
  .endif
  eor v\a\().16b, v\a\().16b, v31.16b
  .else
  sqxtn v\a\().8b, v\a\().8h
  .if \channels == 16
  sqxtn2 v\a\().16b, v\c\().8h
  .endif
  smax v\a\().16b, v\a\().16b, v29.16b
  smin v\a\().16b, v\a\().16b, v30.16b
  .endif
.endm

.macro finish_pixels channels, floor
  finish 0, 1, 2, 3, \channels, \floor
  finish 4, 5, 6, 7, \channels, \floor
  finish 8, 9, 10, 11, \channels, \floor
  finish 12, 13, 14, 15, \channels, \floor
  finish 16, 17, 18, 19, \channels, \floor
.endm

/* Output stages of a block, and the stores where all pixels and channels exist. */
.macro finish_block channels, bytes
  load_scaling \channels
  ldp w15, w16, [x0, #20]
  ldr w17, [x0, #28]
  mov w1, #127
  cmn w15, #128
  ccmp w15, w16, #0, eq
  ccmp w17, w1, #0, eq
  b.ne .Lclamp\channels
  movi v31.16b, #128
  finish_pixels \channels, 1
  b .Lstore\channels
.Lclamp\channels:
  dup v28.8h, w15
  dup v29.16b, w16
  dup v30.16b, w17
  finish_pixels \channels, 0
.Lstore\channels:
  ldr w17, [x0, #16]
  cmp x14, #4 * \channels
  ccmp w4, #5, #0, hs
  b.ne .Lcareful
  mov x15, x3
  st1 {v0.\bytes}, [x15], x17
  st1 {v4.\bytes}, [x15], x17
  st1 {v8.\bytes}, [x15], x17
  st1 {v12.\bytes}, [x15], x17
  st1 {v16.\bytes}, [x15]
  add x3, x3, #\channels
  subs w5, w5, #\channels
  b.hi .Lblock
  b .Ldone
.endm

  .section .text.whittle_conv_tiles_s8_dotprod, "ax", %progbits
  .align 2
  .global whittle_conv_tiles_s8_dotprod
  .type whittle_conv_tiles_s8_dotprod, %function
whittle_conv_tiles_s8_dotprod:
  stp d8, d9, [sp, #-144]!
  stp d10, d11, [sp, #16]
  stp d12, d13, [sp, #32]
  stp d14, d15, [sp, #48]
  ldp x6, x7, [x1]
  ldp x8, x9, [x1, #16]
  ldr x10, [x1, #32]
  ldp w13, w5, [x0, #12]
  lsr w12, w13, #2
  and w13, w13, #3

.Lblock:
  mov w14, #16
  cmp w5, #16
  csel w14, w5, w14, lo
  cmp w14, #8
  lsl x14, x14, #2
  b.ls .Lhalf
  sum_runs 16
  finish_block 16, 16b
.Lhalf:
  sum_runs 8
  finish_block 8, 8b

/* Fewer pixels or channels: by way of the stack. After fewer than eight channels no block follows. */
.Lcareful:
  add x15, sp, #64
  str q0, [x15]
  str q4, [x15, #16]
  str q8, [x15, #32]
  str q12, [x15, #48]
  str q16, [x15, #64]
  lsr x14, x14, #2
  sub x16, x14, #8
  mov x11, x3
  mov w1, w4
.Lpixel:
  tbnz x16, #63, .Lfew
  /* Eight bytes from the start and eight up to the end. */
  ldr d0, [x15]
  ldr d1, [x15, x16]
  str d0, [x11]
  str d1, [x11, x16]
  b .Lnext
.Lfew:
  mov x2, x14
.Lbyte:
  sub x2, x2, #1
  ldrb w6, [x15, x2]
  strb w6, [x11, x2]
  cbnz x2, .Lbyte
.Lnext:
  add x15, x15, #16
  add x11, x11, x17
  subs w1, w1, #1
  b.ne .Lpixel
  add x3, x3, x14
  subs w5, w5, w14
  b.hi .Lblock

.Ldone:
  ldp d14, d15, [sp, #48]
  ldp d12, d13, [sp, #32]
  ldp d10, d11, [sp, #16]
  ldp d8, d9, [sp], #144
  ret
  .size whittle_conv_tiles_s8_dotprod, . - whittle_conv_tiles_s8_dotprod
  .section .note.GNU-stack, "", %progbits
